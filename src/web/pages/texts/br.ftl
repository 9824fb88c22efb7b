# Around every page
skip = Mont d’an endalc’had
slogan = Eus an anaoudegezh dous d’ar mikro-testeniekadur.
nav-main = Merdeiñ pennañ
nav-badges = Ar badjoù
nav-verify = Gwiriañ ur badj
nav-languages = Yezhoù
nav-about = Diwar-benn
nav-api = API

# Dates
month-1 = Genver
month-2 = C’hwevrer
month-3 = Meurzh
month-4 = Ebrel
month-5 = Mae
month-6 = Mezheven
month-7 = Gouere
month-8 = Eost
month-9 = Gwengolo
month-10 = Here
month-11 = Du
month-12 = Kerzu
date = { $day ->
    [1] 1añ
   *[other] { $day }
} a viz { $month } { $year }
moment = { $date } da { $time } UTC

# The verdict
verdict-valid = Talvoudek
verdict-remarks = Talvoudek, met…
verdict-invalid = Didalvoud
verdict-undetermined = Dibosupl gwiriañ
why-valid = Gwiriet eo bet pep tra : ar badj zo evel m’eo bet sinet, n’eo ket bet lamet ha n’en deus diwezh ebet.
why-valid-until = Gwiriet eo bet pep tra : ar badj zo evel m’eo bet sinet, n’eo ket bet lamet ha talvezout a ra betek an { $date }.
why-expired = Aet eo ar badj-mañ d’e dermen : talvoudek e oa betek an { $date }. Marteze en deus e berc’henn unan nevesoc’h.
why-early = N’eo ket talvoudek ar badj-mañ c’hoazh : talvoudek e vo adalek an { $date }.
how-checked = Penaos eo bet gwiriet
judged-at = Gwiriet d’an { $moment }, p’eo bet digoret ar bajenn-mañ.
outcome-pass = Gwiriet.
outcome-fail = C’hwitet.
outcome-warning = Da c’houzout.
outcome-unknown = N’hallas ket bezañ gwiriet.
outcome-none = Hep abeg.

# A badge
awarded-to = Roet da
unnamed = unan bennak ha n’emañ ket e anv amañ
issued-by = gant
offered-by = Kinniget gant
designed-by = Ijinet gant
about-this-badge = Gouzout hiroc’h diwar-benn ar badj-mañ
fact-awarded = Tapet d’an
fact-issued = Roet d’an
fact-until = Talvoudek betek an
fact-activity = Obererezh
fact-role = Roll
fact-licence = Niverenn
fact-credits = Kredoù
fact-field = Dachenn
fact-specialization = Arbennikadur
fact-version = Stumm
fact-place = Lec’h
fact-siret = SIRET
fact-email = Chomlec’h postel
section-recognises = Ar pezh a anavez ar badj-mañ
section-level = Ar pezh a zo bet gwiriet
level-checked = Ar pezh a vez gwiriet : { $what }.
level-by = Piv a ziviz : { $who }.
level-label = Label
section-narrative = Ar pezh a zo bet graet
section-criteria = Dezverkoù
criteria-elsewhere = Lenn an dezverkoù
section-results = Disoc’hoù
result-what = Disoc’h
result-reached = Tizhet
section-evidence = Prouennoù
section-skills = Barregezhioù
section-vouching = Piv a ro e c’her evitañ
section-measured = Ar pezh a vez muzuliet
not-issued-any-more = Ne vez ket roet ken ar badj-mañ ; ar re a zo bet roet a c’hall bezañ gwiriet atav.
status-completed = Tapet
status-enrolled = Enskrivet
status-failed = N’eo ket bet tapet
status-in-progress = War ober
status-on-hold = Ehanet
status-provisional = Da c’hortoz
status-withdrew = Dilezet

# What its holder does with it
section-keep = Mirout ha rannañ
form-pdf = Testeni PDF
page-link = Liamm ar bajenn-mañ
copy = Eilañ
copied = Eilet
add-to-linkedin = Ouzhpennañ war LinkedIn
expiry-reminder = Degas da soñj eus an termen, evit ho teiziataer
reminder-title = Termen ar badj « { $badge } »
embed-code = Kod evit e ziskouez war ho lec’hienn

# The certificate
certificate-heading = Testeni
certificate-title = { $badge } – { $name }
certificate-notice = Ne brou netra ar paper-mañ e-unan : al liamm a ziskouez hag-eñ eo gwir ar badj ha talvoudek atav.
certificate-notice-file = Ne brou netra ar paper-mañ e-unan : goulennit restr ar badj ha gwiriit anezhi.
certificate-link = Gwiriañ ar badj-mañ
certificate-picture = Skeudenn ar badj « { $badge } »
certificate-for = evit ar badj
certificate-issuer = Roet gant
certificate-level = Ar pezh a zo bet gwiriet
certificate-results = { $count }, da lenn war bajenn ar badj
card-heading = Open Badge

# The directory
directory-title = Badjoù ar strollad
directory-intro = An holl vadjoù a vez roet gant an aozadurioù kevelerien, hag ar pezh a anavez pep hini.
search-words = Gerioù, tem pe varregezh
search-level = Ar pezh a vez gwiriet
search-issuer = Aozadur
search-any = N’eus forzh
search = Klask
badges-found = { $count ->
    [one] { $count } badj
    [two] { $count } vadj
    [few] { $count } badj
    [many] { $count } a vadjoù
   *[other] { $count } badj
}
page-before = Pajenn a-raok
next-page = Pajenn da-heul
spectrum-title = Spektr an anaoudegezh
spectrum-intro = Ur badj a lavar ar pezh a zo bet gwiriet, ha netra ken. N’int ket ur renkadur : pep live en deus e dalvoudegezh.

# An issuer
issuer-badges = E vadjoù
issuer-all-badges = Gwelet e holl vadjoù ({ $count })
issuer-no-badges = Ne ro an aozadur-mañ badj ebet c’hoazh.
issuer-keys = E identelezh hag e alc’hwezioù
issuer-identity = Identelezh :
key-active = war implij
key-retired = lakaet a-gostez
key-compromised = dañjerus

# Home
home-title = Badjoù hag a lavar ar pezh a zo bet gwiriet
home-intro = Badgeons le pays de Vannes a anavez ar pezh a zesk hag a ra pep hini, eus an anaoudegezh dous d’ar mikro-testeniekadur.
home-employers = Diskouezet e vez ur badj deoc’h
home-employers-text = Digorit al liamm pe laoskit ar restr : diouzhtu e welit piv, petra, ar pezh a zo bet gwiriet, gant piv, ha talvoudek eo c’hoazh.
home-learners = Ur badj hoc’h eus
home-learners-text = Deoc’h-c’hwi eo, hep kont ebet : mirit ar restr, rannit al liamm, divizit piv a wel anezhañ.
home-see-badges = Gwelet ar badjoù
home-partners = Reiñ a rit badjoù
home-docs = Teuliadur an API
home-partners-text = Kevredigezhioù, skolioù, embregerezhioù, tiez-kêr : diwar ho taolenn pe dre an API, er stumm digor Open Badges 3.0.

# Verify
verify = Gwiriañ
verify-intro = Roit ur badj Open Badges 3.0, n’eus forzh a belec’h e teu : ur restr, un destenn pe ur chomlec’h.
verify-file = Restr (PNG, SVG, JSON pe JWT)
verify-file-limit = 16 Mo d’ar muiañ
verify-url = Pe chomlec’h ar badj
verify-text = Pe e destenn (JSON pe JWT)
verify-scan = Luc’hskeudenniñ ur c’hod QR
verify-scan-none = N’eus bet kavet kod QR ebet er skeudenn-mañ ; luc’hskeudennerez ar pellgomzer a oar e lenn ivez.
verify-kept = Ne vez miret netra eus ar pezh a wiriit. N’eus badj ebet en un tapadenn-skramm : goulennit ar restr orin.
verify-nothing = Dibabit ur restr, pegit un destenn pe skrivit ur chomlec’h.
verify-unreachable = N’eus bet gallet lenn netra er chomlec’h-se. Skrivit anezhañ gant https://, pe goulennit restr ar badj.
verify-result = Disoc’h ar gwiriañ
verify-another = Gwiriañ ur badj all
verify-own-words = Da-heul emañ ar pezh a lavar ar badj anezhañ e-unan. Ar gwiriañ a lavar ha sinet eo bet gant e embanner.
receipt = Pellgargañ testeni ar gwiriañ

# The holder's own page
holder-title = Ma badj
holder-intro = Deoc’h-c’hwi eo ar bajenn-mañ : na rannit ket he chomlec’h. Amañ e tivizit ar pezh a welo ar re all.
holder-visibility = Piv a wel pajenn ma badj
visibility-private = Me hepken.
visibility-private-text = Ne zigor ar bajenn hag ar restroù nemet alese.
visibility-link = Neb en deus al liamm.
visibility-link-text = N’emañ ket ar bajenn e roll ebet ha ne vez ket kavet gant al lusker-klask.
visibility-anonymous = An holl, hep ma anv.
visibility-anonymous-text = Ar bajenn a ziskouez ar badj, ket da biv eo ; ar restr sinet, hag hoc’h anv enni, a chom ganeoc’h.
visibility-public = An holl, gant ma anv.
visibility-public-text = Ar bajenn a c’hall bezañ kavet ha diskouezet e lec’h all.
holder-language = Yezh ar bajenn
holder-language-any = Hini an neb a lenn
holder-save = Enrollañ
holder-see-page = Gwelet pajenn ma badj
holder-download = Kas pep tra ganeoc’h
holder-download-text = Ar badj en e holl stummoù, en ur restr hepken : gwiriet e vez e pep lec’h, zoken hepdomp.
holder-download-all = Pellgargañ pep tra (ZIP)
holder-name = Reizhañ ma anv
holder-name-label = Ma anv, evel ma vez skrivet
holder-name-ask = Goulenn ma vo reizhet
holder-erase = Diverkañ ma badj
holder-erase-text = An aozadur a ziverk hoc’h anv, ho chomlec’h hag ar badj. Ar bajenn a lavaro eo bet diverket. Gallout a raio hoc’h eilenn bezañ gwiriet atav.
holder-erase-label = Ur ger evit an aozadur (diret)
holder-erase-ask = Goulenn ma vo diverket
holder-asked = Goulennet d’an { $date } ; n’en deus ket respontet an aozadur c’hoazh.
holder-link = Cheñch al liamm-mañ
holder-link-text = Ma’z eus bet gwelet ar chomlec’h-mañ gant unan bennak all, erlec’hiit anezhañ : ne zigoro an hini kozh netra ken. Mirit mat an hini nevez.
holder-link-replace = Erlec’hiañ al liamm
holder-done-decide = Enrollet eo.
holder-done-asked = Kaset eo ar goulenn d’an aozadur.
holder-done-link = Setu ho liamm nevez, er varrenn chomlec’hioù : mirit anezhañ. Ne zigor an hini kozh netra ken.
holder-refused = N’eo ket posupl evel-se ; gwiriit ar pezh hoc’h eus skrivet (500 arouezenn d’ar muiañ).

# Legal pages
legal-notice = Menegoù lezennel
legal-privacy = Roadennoù personel
legal-accessibility = Haezadusted
legal-ecodesign = Ekoijinañ

# What went wrong
error-home = Distreiñ d’an degemer
error-not-found = N’eus netra er chomlec’h-mañ
error-not-found-text = Marteze n’eo ket klok ar chomlec’h : eilit anezhañ a-bezh. Ma’z eus bet roet ur badj deoc’h, goulennit ar restr ha gwiriit anezhi amañ.
error-gone = Diverket eo bet ar badj-mañ
error-gone-text = Diverket eo bet roadennoù personel ar badj-mañ. Ne lavar netra eus e dalvoudegezh : neb en deus un eilenn a c’hall he lakaat da wiriañ atav.
error-private = Miret prevez eo ar badj-mañ
error-private-text = Dibabet he deus an den a zo perc’henn warnañ chom hep e ziskouez. Goulennit ar restr diganti, pe ma tigoro ar bajenn.
error-too-many = Re a c’houlennoù
error-too-many-text = Gortozit ur vunutenn, ha klaskit en-dro.
error-too-large = Re bounner eo
error-too-large-text = 16 Mo d’ar muiañ en deus ur badj. Goulennit ar restr orin, hep netra en-dro dezhi.
error-busy = Ket bremañ
error-busy-text = Ac’hubet eo ar servij pe emañ o vezañ kempennet. Klaskit en-dro a-benn ur pennadig.
error-internal = Un dra bennak a zo aet a-dreuz amañ
error-internal-text = Dimp-ni eo ar faot. Klaskit en-dro ; ma kendalc’h, roit an niverenn amañ dindan d’an aozadur.
error-refused = N’eo ket bet komprenet ar goulenn-mañ
error-refused-text = Distroit war-gil ha gwiriit ar pezh a zo bet kaset.
error-request = Niverenn ar goulenn : { $id }
