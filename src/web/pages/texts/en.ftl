# Around every page
skip = Go to the content
slogan = From soft recognition to micro-certification.
nav-main = Main navigation
nav-badges = The badges
nav-verify = Verify a badge
nav-languages = Languages
nav-about = About
nav-api = API

# Dates
month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December
date = { $day } { $month } { $year }
moment = { $date } at { $time } UTC

# The verdict
verdict-valid = Valid
verdict-remarks = Valid, but…
verdict-invalid = Not valid
verdict-undetermined = Could not be verified
why-valid = Everything was checked: the badge is as it was signed, was not withdrawn, and has no end.
why-valid-until = Everything was checked: the badge is as it was signed, was not withdrawn, and holds until { $date }.
why-expired = This badge has expired: it held until { $date }. Its holder may have a renewed one.
why-early = This badge does not hold yet: it will from { $date } on.
how-checked = How this was checked
judged-at = Checked on { $moment }, when this page was opened.
outcome-pass = Checked.
outcome-fail = Failed.
outcome-warning = To know.
outcome-unknown = Could not be checked.
outcome-none = Does not apply.

# A badge
awarded-to = Awarded to
unnamed = somebody whose name is not shown here
issued-by = by
offered-by = Offered by
designed-by = Designed by
about-this-badge = More about this badge
fact-awarded = Earned on
fact-issued = Issued on
fact-until = Valid until
fact-activity = Activity
fact-role = Role
fact-licence = Number
fact-credits = Credits
fact-field = Field
fact-specialization = Speciality
fact-version = Version
fact-place = Place
fact-siret = SIRET
fact-email = E-mail address
section-recognises = What this badge recognises
section-level = What was checked
level-checked = What is checked: { $what }.
level-by = Who decides: { $who }.
level-label = Label
section-narrative = What was done
section-criteria = Criteria
criteria-elsewhere = Read the criteria
section-results = Results
result-what = Result
result-reached = Reached
section-evidence = Evidence
section-skills = Skills
section-vouching = Who vouches for it
section-measured = What is measured
not-issued-any-more = This badge is not issued any more; those that were can still be verified.
status-completed = Completed
status-enrolled = Enrolled
status-failed = Not completed
status-in-progress = In progress
status-on-hold = On hold
status-provisional = Provisional
status-withdrew = Withdrew

# What its holder does with it
section-keep = Keep and share
form-pdf = PDF certificate
page-link = Link of this page
copy = Copy
copied = Copied
add-to-linkedin = Add to LinkedIn
expiry-reminder = Reminder of the end, for your calendar
reminder-title = End of the badge “{ $badge }”
embed-code = Code to show it on your site

# The certificate
certificate-heading = Certificate
certificate-title = { $badge } – { $name }
certificate-notice = This paper proves nothing by itself: the link shows whether the badge is genuine and still holds.
certificate-notice-file = This paper proves nothing by itself: ask for the badge’s file and verify it.
certificate-link = Verify this badge
certificate-picture = Picture of the badge “{ $badge }”
certificate-for = for the badge
certificate-issuer = Issued by
certificate-level = What was checked
certificate-results = { $count }, on the page of the badge
card-heading = Open Badge

# The directory
directory-title = The badges of the collective
directory-intro = All the badges that partner organisations issue, and what each of them recognises.
search-words = Words, theme or skill
search-level = What is checked
search-issuer = Organisation
search-any = Any
search = Search
badges-found = { $count ->
    [0] No badge
    [one] { $count } badge
   *[other] { $count } badges
}
page-before = Previous page
next-page = Next page
spectrum-title = The spectrum of recognition
spectrum-intro = A badge says what was checked, and nothing more. These levels are no ranking: each has its worth.

# An issuer
issuer-badges = Its badges
issuer-all-badges = See all its { $count } badges
issuer-no-badges = This organisation issues no badge yet.
issuer-keys = Its identity and keys
issuer-identity = Identity:
key-active = in use
key-retired = retired
key-compromised = compromised

# Home
home-title = Badges that say what was checked
home-intro = Badgeons le pays de Vannes recognises what people learn and do, from soft recognition to micro-certification.
home-employers = You are shown a badge
home-employers-text = Open the link or drop the file: you see at once who, what, what was checked, by whom, and whether it still holds.
home-learners = You have a badge
home-learners-text = It is yours, without an account: keep the file, share the link, decide who sees it.
home-see-badges = See the badges
home-partners = You issue badges
home-docs = Documentation of the API
home-partners-text = Associations, schools, companies, town halls: from your spreadsheet or over the API, in the open format Open Badges 3.0.

# Verify
verify = Verify
verify-intro = Give an Open Badges 3.0 badge, wherever it comes from: a file, a text or an address.
verify-file = File (PNG, SVG, JSON or JWT)
verify-file-limit = 16 MB at most
verify-url = Or the badge’s address
verify-text = Or its text (JSON or JWT)
verify-scan = Photograph a QR code
verify-scan-none = No QR code was found in this picture; the phone’s own camera can read it too.
verify-kept = Nothing of what you verify is kept. A screenshot holds no badge: ask for the original file.
verify-nothing = Choose a file, paste a text or write an address.
verify-unreachable = Nothing could be read at that address. Write it with https://, or ask for the badge’s file.
verify-result = Result of the verification
verify-another = Verify another badge
verify-own-words = What follows is what the badge says of itself. The verification says whether its issuer really signed that.
receipt = Download the receipt of this verification

# The holder's own page
holder-title = My badge
holder-intro = This page is yours: do not share its address. Here you decide what others see.
holder-visibility = Who sees the page of my badge
visibility-private = Only me.
visibility-private-text = The page and the files open from here alone.
visibility-link = Whoever has the link.
visibility-link-text = The page is not listed, and search engines do not find it.
visibility-anonymous = Everybody, without my name.
visibility-anonymous-text = The page shows the badge, not whose it is; the signed file, which names you, stays with you.
visibility-public = Everybody, with my name.
visibility-public-text = The page can be found, and shown elsewhere.
holder-language = Language of the page
holder-language-any = That of whoever reads it
holder-save = Save
holder-see-page = See the page of my badge
holder-download = Take everything with you
holder-download-text = The badge in all its forms, in one file: it is verified anywhere, even without us.
holder-download-all = Download everything (ZIP)
holder-name = Correct my name
holder-name-label = My name, as it is written
holder-name-ask = Ask for the correction
holder-erase = Erase my badge
holder-erase-text = The organisation erases your name, your address and the badge. The page will say that it was erased. Your copy of the file can still be verified.
holder-erase-label = A word for the organisation (optional)
holder-erase-ask = Ask for erasure
holder-asked = Asked on { $date }; the organisation has not answered yet.
holder-link = Change this link
holder-link-text = If somebody else saw this address, replace it: the old one will open nothing. Keep the new one well.
holder-link-replace = Replace the link
holder-done-decide = Saved.
holder-done-asked = The organisation is told.
holder-done-link = Here is your new link, in the address bar: keep it. The old one opens nothing any more.
holder-refused = It is not possible like this; check what you wrote (500 characters at most).

# Legal pages
legal-notice = Legal notice
legal-privacy = Personal data
legal-accessibility = Accessibility
legal-ecodesign = Eco-design

# What went wrong
error-home = Back to the start
error-not-found = There is nothing at this address
error-not-found-text = The address may be incomplete: copy the whole of it. If somebody gave you a badge, ask for the file and verify it here.
error-gone = This badge was erased
error-gone-text = The personal data of this badge were erased. That says nothing about its worth: whoever has a copy can still have it verified.
error-private = This badge is kept private
error-private-text = The person whose it is chose not to show it. Ask them for the file, or to open the page.
error-too-many = Too many requests
error-too-many-text = Wait a minute, then try again.
error-too-large = That is too large
error-too-large-text = A badge has 16 MB at most. Ask for the original file, with nothing around it.
error-busy = Not now
error-busy-text = The service is busy or under maintenance. Try again in a moment.
error-internal = Something went wrong here
error-internal-text = It is our fault. Try again; if it goes on, give the number below to the organisation.
error-refused = This request was not understood
error-refused-text = Go back and check what was sent.
error-request = Number of the request: { $id }
