# Around every page
skip = Aller au contenu
slogan = De la reconnaissance douce à la micro-certification.
nav-main = Navigation principale
nav-badges = Les badges
nav-verify = Vérifier un badge
nav-languages = Langues
nav-about = À propos
nav-api = API

# Dates
month-1 = janvier
month-2 = février
month-3 = mars
month-4 = avril
month-5 = mai
month-6 = juin
month-7 = juillet
month-8 = août
month-9 = septembre
month-10 = octobre
month-11 = novembre
month-12 = décembre
date = { $day ->
    [1] 1er
   *[other] { $day }
} { $month } { $year }
moment = { $date } à { $time } UTC

# The verdict
verdict-valid = Valide
verdict-remarks = Valide, mais…
verdict-invalid = Non valide
verdict-undetermined = Vérification impossible
why-valid = Tout a été vérifié : le badge est tel qu’il a été signé, il n’a pas été retiré et n’a pas de date de fin.
why-valid-until = Tout a été vérifié : le badge est tel qu’il a été signé, il n’a pas été retiré et il est valable jusqu’au { $date }.
why-expired = Ce badge a expiré : il était valable jusqu’au { $date }. La personne en a peut-être un plus récent.
why-early = Ce badge n’est pas encore valable : il le sera à partir du { $date }.
how-checked = Comment cela a été vérifié
judged-at = Vérifié le { $moment }, à l’ouverture de cette page.
outcome-pass = Vérifié.
outcome-fail = Échec.
outcome-warning = À savoir.
outcome-unknown = Pas pu être vérifié.
outcome-none = Sans objet.

# A badge
awarded-to = Décerné à
unnamed = une personne dont le nom n’est pas montré ici
issued-by = par
offered-by = Proposé par
designed-by = Conçu par
about-this-badge = En savoir plus sur ce badge
fact-awarded = Obtenu le
fact-issued = Délivré le
fact-until = Valable jusqu’au
fact-activity = Activité
fact-role = Rôle
fact-licence = Numéro
fact-credits = Crédits
fact-field = Domaine
fact-specialization = Spécialité
fact-version = Version
fact-place = Lieu
fact-siret = SIRET
fact-email = Adresse électronique
section-recognises = Ce que ce badge reconnaît
section-level = Ce qui a été vérifié
level-checked = Ce qui est vérifié : { $what }.
level-by = Qui en décide : { $who }.
level-label = Label
section-narrative = Ce qui a été fait
section-criteria = Critères
criteria-elsewhere = Lire les critères
section-results = Résultats
result-what = Résultat
result-reached = Atteint
section-evidence = Preuves
section-skills = Compétences
section-vouching = Qui s’en porte garant
section-measured = Ce qui est mesuré
not-issued-any-more = Ce badge n’est plus délivré ; ceux qui l’ont été restent vérifiables.
status-completed = Obtenu
status-enrolled = Inscription
status-failed = Non obtenu
status-in-progress = En cours
status-on-hold = En pause
status-provisional = Provisoire
status-withdrew = Abandon

# What its holder does with it
section-keep = Garder et partager
form-pdf = Certificat PDF
page-link = Lien de cette page
copy = Copier
copied = Copié
add-to-linkedin = Ajouter à LinkedIn
expiry-reminder = Rappel de l’échéance pour votre agenda
reminder-title = Fin de validité du badge « { $badge } »
embed-code = Code pour l’afficher sur votre site

# The certificate
certificate-heading = Certificat
certificate-title = { $badge } – { $name }
certificate-notice = Ce papier ne prouve rien à lui seul : le lien montre si le badge est authentique et toujours valable.
certificate-notice-file = Ce papier ne prouve rien à lui seul : demandez le fichier du badge et vérifiez-le.
certificate-link = Vérifier ce badge
certificate-picture = Image du badge « { $badge } »
certificate-for = pour le badge
certificate-issuer = Délivré par
certificate-level = Ce qui a été vérifié
certificate-results = { $count }, à lire sur la page du badge
card-heading = Open Badge

# The directory
directory-title = Les badges du collectif
directory-intro = Tous les badges que les organisations partenaires délivrent, et ce que chacun reconnaît.
search-words = Mots, thème ou compétence
search-level = Ce qui est vérifié
search-issuer = Organisation
search-any = Peu importe
search = Chercher
badges-found = { $count ->
    [0] Aucun badge
    [one] { $count } badge
   *[other] { $count } badges
}
page-before = Page précédente
next-page = Page suivante
spectrum-title = Le spectre de la reconnaissance
spectrum-intro = Un badge dit ce qui a été vérifié, et rien de plus. Ces niveaux ne sont pas un classement : chacun a sa valeur.

# An issuer
issuer-badges = Ses badges
issuer-all-badges = Voir ses { $count } badges
issuer-no-badges = Cette organisation ne délivre pas encore de badge.
issuer-keys = Son identité et ses clés
issuer-identity = Identité :
key-active = en service
key-retired = retirée
key-compromised = compromise

# Home
home-title = Des badges qui disent ce qui a été vérifié
home-intro = Badgeons le pays de Vannes reconnaît ce que chacun apprend et fait, de la reconnaissance douce à la micro-certification.
home-employers = On vous montre un badge
home-employers-text = Ouvrez le lien ou déposez le fichier : vous voyez aussitôt qui, quoi, ce qui a été vérifié, par qui, et s’il est encore valable.
home-learners = Vous avez un badge
home-learners-text = Il est à vous, sans compte à créer : gardez le fichier, partagez le lien, décidez qui le voit.
home-see-badges = Voir les badges
home-partners = Vous délivrez des badges
home-docs = Documentation de l’API
home-partners-text = Associations, écoles, entreprises, mairies : depuis votre tableur ou par l’API, au format ouvert Open Badges 3.0.

# Verify
verify = Vérifier
verify-intro = Déposez un badge Open Badges 3.0, d’où qu’il vienne : un fichier, un texte ou une adresse.
verify-file = Fichier (PNG, SVG, JSON ou JWT)
verify-file-limit = 16 Mo au plus
verify-url = Ou l’adresse du badge
verify-text = Ou son texte (JSON ou JWT)
verify-scan = Photographier un code QR
verify-scan-none = Aucun code QR n’a été trouvé sur cette image ; l’appareil photo du téléphone sait aussi le lire.
verify-kept = Rien n’est gardé de ce que vous vérifiez. Une capture d’écran ne contient pas de badge : demandez le fichier d’origine.
verify-nothing = Choisissez un fichier, collez un texte ou écrivez une adresse.
verify-unreachable = Rien n’a pu être lu à cette adresse. Écrivez-la avec https://, ou demandez le fichier du badge.
verify-result = Résultat de la vérification
verify-another = Vérifier un autre badge
verify-own-words = Ce qui suit est ce que le badge dit de lui-même. La vérification dit si cela a bien été signé par l’émetteur.
receipt = Télécharger le reçu de vérification

# The holder's own page
holder-title = Mon badge
holder-intro = Cette page est à vous : ne partagez pas son adresse. Vous décidez ici de ce que les autres voient.
holder-visibility = Qui voit la page de mon badge
visibility-private = Moi seulement.
visibility-private-text = La page et les fichiers ne s’ouvrent que d’ici.
visibility-link = Qui a le lien.
visibility-link-text = La page n’est ni listée ni trouvée par les moteurs de recherche.
visibility-anonymous = Tout le monde, sans mon nom.
visibility-anonymous-text = La page montre le badge, pas à qui il est ; le fichier signé, qui porte votre nom, reste chez vous.
visibility-public = Tout le monde, avec mon nom.
visibility-public-text = La page peut être trouvée et affichée ailleurs.
holder-language = Langue de la page
holder-language-any = Celle de qui la lit
holder-save = Enregistrer
holder-see-page = Voir la page de mon badge
holder-download = Tout emporter
holder-download-text = Le badge sous toutes ses formes, dans un seul fichier : il se vérifie partout, même sans nous.
holder-download-all = Télécharger tout (ZIP)
holder-name = Corriger mon nom
holder-name-label = Mon nom, comme il s’écrit
holder-name-ask = Demander la correction
holder-erase = Effacer mon badge
holder-erase-text = L’organisation efface votre nom, votre adresse et le badge. La page dira qu’il a été effacé. Votre copie du fichier restera vérifiable.
holder-erase-label = Un mot pour l’organisation (facultatif)
holder-erase-ask = Demander l’effacement
holder-asked = Demandé le { $date } ; l’organisation n’a pas encore répondu.
holder-link = Changer ce lien
holder-link-text = Si quelqu’un d’autre a vu cette adresse, remplacez-la : l’ancienne n’ouvrira plus rien. Gardez bien la nouvelle.
holder-link-replace = Remplacer le lien
holder-done-decide = C’est enregistré.
holder-done-asked = La demande est transmise à l’organisation.
holder-done-link = Voici votre nouveau lien, dans la barre d’adresse : enregistrez-le. L’ancien n’ouvre plus rien.
holder-refused = Ce n’est pas possible ainsi ; vérifiez ce que vous avez écrit (500 caractères au plus).

# Legal pages
legal-notice = Mentions légales
legal-privacy = Données personnelles
legal-accessibility = Accessibilité
legal-ecodesign = Écoconception

# What went wrong
error-home = Retour à l’accueil
error-not-found = Il n’y a rien à cette adresse
error-not-found-text = L’adresse est peut-être incomplète : recopiez-la en entier. Si on vous a donné un badge, demandez le fichier et vérifiez-le ici.
error-gone = Ce badge a été effacé
error-gone-text = Les données personnelles de ce badge ont été effacées. Cela ne dit rien de sa valeur : qui en a une copie peut toujours la faire vérifier.
error-private = Ce badge est gardé privé
error-private-text = La personne à qui il est a choisi de ne pas le montrer. Demandez-lui le fichier, ou qu’elle ouvre la page.
error-too-many = Trop de demandes
error-too-many-text = Attendez une minute, puis recommencez.
error-too-large = C’est trop lourd
error-too-large-text = Un badge fait 16 Mo au plus. Demandez le fichier d’origine, sans rien autour.
error-busy = Pas maintenant
error-busy-text = Le service est occupé ou en maintenance. Recommencez dans un moment.
error-internal = Quelque chose n’a pas marché ici
error-internal-text = C’est de notre fait. Recommencez ; si cela continue, donnez le numéro ci-dessous à l’organisation.
error-refused = Cette demande n’a pas été comprise
error-refused-text = Revenez en arrière et vérifiez ce qui a été envoyé.
error-request = Numéro de la demande : { $id }
