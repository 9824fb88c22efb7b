-- The same badge, verified again and again; the server keeps no verdict.
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/vc"
local file = assert(io.open(os.getenv("BADGE"), "rb"))
wrk.body = file:read("*a")
file:close()
