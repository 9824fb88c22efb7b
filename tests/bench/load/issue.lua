-- A badge for another person with each request.
local count = 0
local run = os.time()
local headers = {
  ["Authorization"] = "Bearer " .. os.getenv("TOKEN"),
  ["Content-Type"] = "application/json",
}

function request()
  count = count + 1
  local email = string.format("p%d.%d@example.org", run, count)
  local body = string.format(
    '{"achievement":"participant-fresque-climat","recipient":{"name":"Añaïg Le Coz %d","email":"%s"},' ..
    '"activity":{"name":"Fresquathon","place":"Vannes","start":"2023-10-14"}}', count, email)
  return wrk.format("POST", nil, headers, body)
end
