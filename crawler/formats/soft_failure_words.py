"""The words by which a page that is no content gives itself away, as sites write them.

They are in lower case with straight apostrophes and single spaces; languages in the order English, German, French,
Spanish, Italian, Portuguese, Dutch, Polish, Russian, Japanese, Chinese, others. Each is a regular expression, one or
several a line; a line that begins with an ellipsis goes on with the line above.
"""

import re

_CONTINUED = re.compile(r"\n\s*…")


HUMAN_WORDS = r"""
    (?:please )?(?:verify|prove|confirm|make sure) (?:that )?you(?:'re| are) (?:a |not a )?(?:human|real person|
    …(?:ro)?bot)
    pardon our interruption|are you a robot\?|please (?:complete|solve) (?:the|this) (?:captcha|security check)
    (?:unusual|suspicious|automated) (?:traffic|activity|requests?) (?:from|detected|on|coming)
    access to this page has been denied|your (?:ip|ip address|request) (?:has been|was|is) (?:blocked|denied|flagged)
    access denied|checking (?:if )?your browser before|bot verification|security check(?:point)?|robot check
    bestätigen sie,? dass sie (?:ein mensch|kein roboter) sind|sicherheitsüberprüfung|zugriff verweigert
    (?:vérifi\w+|confirme[zr]) que vous (?:êtes humain|n'êtes pas un robot)|accès refusé|vérification de sécurité
    (?:confirm\w*|verifi\w*|demuestr\w*) que (?:no )?(?:eres|es) (?:un )?(?:humano|robot)|acceso denegado
    (?:conferma|verifica|dimostra) (?:di|che) (?:non )?(?:essere|sei) (?:un )?(?:umano|robot)|accesso negato
    (?:confirme|verifique) que (?:você )?(?:não )?é (?:um )?(?:humano|robô)|acesso negado
    (?:bevestig|controleer) dat (?:u|je) (?:een mens|geen robot) bent|toegang geweigerd
    potwierdź,? że (?:nie )?jesteś (?:człowiekiem|robotem)|odmowa dostępu|dostęp zabroniony
    подтвердите,? что (?:вы )?(?:не робот|человек)|доступ (?:запрещ[её]н|ограничен)|ロボットではない|アクセスが拒否|
    …アクセスが制限|安全验证|人机验证
    访问被拒绝|请完成验证|驗證您是人類
"""
"""What sites write on challenges of their own making."""

NOT_FOUND_WORDS = r"""
    page (?:was )?not found
    (?:page|file|url|document|article|site|content|product|listing|post|video) (?:you (?:requested|are looking for|
    …were looking for|tried to reach|wanted) )?(?:can ?not|can't|could ?n[o']t|couldn't|was not|wasn't) be found
    (?:this|that|the) (?:page|url|content|article|product|item|listing|post|video|link)(?: you.{0,30})?
    … (?:does ?n[o']t|doesn't|no longer) exists?
    (?:this|that|the) (?:page|content|article|product|item|listing|job|post|video)(?: you.{0,30})? (?:is|isn't|is
    … not|is no longer|has been|was) (?:no longer |currently )?(?:available|unavailable|removed|deleted|expired|
    …taken down)
    (?:can't|cannot|can not|couldn't|could not|unable to|didn't) (?:seem to )?find (?:that|the|this|your|a) (?:page|
    …content|article|url|file)(?: you)?
    nothing (?:was )?found (?:here|at this)|(?:page|content) (?:is )?(?:unavailable|missing)|(?:error|http) 404
    404 (?:error|not found|page)|410 gone
    (?:seite|datei|inhalt|artikel|dokument|angebot)(?: wurde| ist| konnte)?(?: leider)? nicht (?:mehr )?(?:gefunden|
    …vorhanden|verfügbar|existent)
    (?:seite|artikel|inhalt)\b.{0,40} (?:existiert|gibt es)(?: leider)? nicht(?: mehr)?
    (?:seite|artikel|inhalt)\b.{0,40} (?:konnte|wurde|ist)(?: leider)? nicht (?:mehr )?(?:gefunden|verfügbar)
    page (?:est )?introuvable|page (?:non|pas) trouvée
    (?:page|article|contenu)\b.{0,50} n'(?:existe|est) (?:pas|plus)(?: disponible)?|page n'a pas été trouvée
    página no (?:encontrada|disponible|existe)
    (?:no (?:se )?(?:encuentra|encontr\w+|pudimos encontrar|hemos encontrado|podemos encontrar)) (?:la|esta|esa)
    … página
    (?:página|artículo|contenido)\b.{0,50} (?:ya )?no (?:existe|está disponible|se encuentra|se encontró|fue
    … encontrad[ao]|ha sido encontrad[ao])
    pagina non (?:trovata|disponibile|esiste)
    (?:pagina|articolo|contenuto)\b.{0,50} non (?:esiste|è (?:più )?disponibile|è stat[ao] trovat[ao])
    página não (?:encontrada|existe|disponível)
    (?:página|artigo|conteúdo)\b.{0,50} não (?:existe|está (?:mais )?disponível|foi encontrad[ao])
    não (?:encontr[aáo]mos|conseguimos encontrar) (?:a|esta|essa) página|pagina (?:is )?niet (?:gevonden|beschikbaar)
    (?:pagina|artikel)\b.{0,50} (?:bestaat niet|niet (?:meer )?(?:gevonden|beschikbaar)|kon niet worden gevonden|kan
    … niet worden gevonden)
    nie (?:znaleziono|odnaleziono|można znaleźć|mogliśmy znaleźć) (?:takiej |tej )?strony
    strona\b.{0,40} nie (?:istnieje|została (?:znaleziona|odnaleziona))
    страниц[аы]\b.{0,40} не (?:найден[аы]?|существует|обнаружена)|страница (?:удалена|была удалена|недоступна)
    не удалось найти (?:эту |такую )?страницу|документ не найден|ページ(?:が|は)(?:見つかりません|存在しません|
    …ありません|見つかりませんでした|削除)
    お探しのページ(?:が|は)|指定されたページ(?:が|は)|ページが見つから|(?:页面|网页|頁面|網頁|内容|文章)(?:不存在|
    …未找到|找不到|已删除|已被删除|已刪除|无法访问|無法顯示)
    (?:找不到|没有找到|無法找到|未找到)(?:该|该?您?(?:要|所)?(?:访问|请求|查找|尋找)?的?|此|這個)?(?:页面|网页|頁面|
    …網頁)
    (?:您|你)?(?:访问|請求|请求|查找|浏览|造訪)的(?:页面|网页|内容|頁面|網頁).{0,6}(?:不存在|找不到|已删除|不見了)
    sidan (?:hittades inte|kunde inte hittas|finns inte)
    siden (?:blev ikke fundet|findes ikke|ble ikke funnet|finnes ikke)|sivua ei löyt
    stránka (?:nebyla nalezena|nenalezena|neexistuje)|sayfa bulunamadı|페이지를 찾을 수 없|존재하지 않는 페이지|az
    … oldal nem található
    сторінку не знайдено|сторінка не знайдена|η σελίδα δεν (?:βρέθηκε|υπάρχει)|pagina nu (?:a fost găsită|există)
"""
"""Of a page that is not there."""

NOT_FOUND_TITLES = r"""
    (?:error )?404[.!]?|404 ?(?:-|–|—|\||:) ?.{0,40}|.{0,20} ?(?:-|–|—|\||:) ?404|not found|oops[!.… ]*|whoops[!.… ]*
    nicht gefunden|introuvable|no encontrad[ao]|non trovat[ao]|não encontrad[ao]|niet gevonden|nie znaleziono|не
    … найдено
    見つかりません|未找到|找不到|fehler 404|erreur 404|errore 404|erro 404|fout 404|błąd 404|ошибка 404|404 ?エラー|
    …404错误
"""
"""A title or heading that is this and nothing else."""

LOGIN_TITLES = r"""
    (?:please )?(?:log|sign) ?[io]n(?: (?:to|with|at|or|and|required|page|to continue|to your account)\b.{0,60})?(?:
    … / .{0,30})?
    member (?:login|sign in)|(?:user|account|customer|subscriber|secure|client|staff) (?:login|sign ?in)
    (?:authentication|login|sign-?in|registration) required|welcome back|single sign[- ]on
    (?:bitte )?(?:anmelden|einloggen|anmeldung|login)(?: .{0,40})?|(?:bitte )?melden sie sich an\b.{0,40}
    connexion(?: .{0,40})?|(?:se connecter|connectez-vous|identifiez-vous|identification)(?: .{0,40})?
    (?:iniciar|inicia|inicie) (?:la )?sesi[óo]n(?: .{0,40})?|acceder(?: .{0,40})?|acced[ia](?: .{0,40})?
    entra nel tuo account|(?:iniciar|inicie) sess[ãa]o(?: .{0,40})?|(?:faça|fazer) login(?: .{0,40})?
    entrar(?: .{0,40})?|inloggen(?: .{0,40})?|log in bij .{0,40}|aanmelden(?: .{0,40})?|zaloguj(?: się)?(?: .{0,40})?
    logowanie(?: .{0,40})?|(?:вход|войти|авторизация|войдите)(?:
    … .{0,40})?|.{0,15}ログイン.{0,15}|.{0,10}サインイン.{0,15}
    .{0,10}(?:登录|登錄|登入).{0,10}|로그인|logga in|log ind|logg inn|kirjaudu(?: sisään)?|přihlášení|giriş yap
"""
"""A title or heading of a page to log in at."""

LOGIN_WORDS = r"""
    you (?:must|need to|have to|are required to|should) (?:be |first )?(?:logged|signed|log|sign|register)(?: ?in)?
    (?:please )?(?:log|sign) ?in(?: or (?:register|sign up|create an account|join))? to (?:continue|view|see|access|
    …read|proceed|your account)
    (?:this|the) (?:page|content|article|forum|area|site|topic|section|document|account) is (?:only )?(?:available|
    …accessible|visible|reserved|restricted)? ?(?:only )?(?:to|for) (?:logged|registered|signed|members|subscribers)
    (?:members|subscribers|registered users)[- ]only
    (?:subscribe|sign up|register|create (?:a free|an) account|join)(?: now| today)? to (?:continue|keep) reading
    already (?:a )?(?:subscriber|member)\?? (?:log|sign) in|you (?:do not|don't) have permission to (?:view|access)
    (?:sie müssen|du musst) (?:sich |dich )?(?:angemeldet|eingeloggt|anmelden|einloggen|registriert)
    (?:bitte )?(?:melden sie sich|melde dich) (?:bitte )?an,? um
    (?:nur für|ausschließlich für) (?:registrierte|angemeldete|abonnenten|mitglieder)
    jetzt (?:abonnieren|anmelden|registrieren) und weiterlesen|weiterlesen mit\b
    vous devez (?:être connecté|vous connecter|vous identifier)
    (?:veuillez )?(?:vous connecter|connectez-vous|identifiez-vous) pour|réservé (?:aux|à nos) (?:abonnés|membres)
    (?:debes|debe|tienes que|necesitas) (?:iniciar sesión|estar registrado|registrarte|identificarte|acceder)
    inicia sesión para|(?:exclusivo|sólo|solo) para (?:suscriptores|usuarios registrados|miembros)
    (?:devi|è necessario|bisogna) (?:effettuare (?:il login|l'accesso)|accedere|essere (?:registrat\w|autenticat\w))
    accedi per|riservat\w (?:agli|ai) (?:abbonati|utenti registrati|soci)
    (?:precisa|necessita|deve) (?:de )?(?:iniciar sessão|fazer login|estar (?:logado|registado|autenticado))
    (?:faça login|inicie sessão|entre) para|exclusivo para (?:assinantes|membros)
    (?:u moet|je moet) (?:ingelogd zijn|(?:eerst )?inloggen|zijn ingelogd)|log in om (?:verder|te)
    alleen voor (?:abonnees|leden)|(?:musisz|trzeba|należy) (?:się zalogować|być zalogowan\w)|zaloguj się,? (?:aby|
    …żeby)
    tylko dla (?:zalogowanych|prenumeratorów|subskrybentów)
    (?:необходимо|нужно|требуется) (?:войти|авторизоваться|авторизация|зарегистрироваться)
    (?:войдите|авторизуйтесь|зарегистрируйтесь),? чтобы|только для (?:зарегистрированных|подписчиков|авторизованных)
    ログインが必要|ログインして(?:ください|続行|続き)|会員限定|この記事は有料会員|(?:请|請)(?:先)?(?:登录|登錄|登入)
    …|(?:需要|登录|登入)后(?:才能|查看|可见|继续)|登入以(?:繼續|查看)|仅限会员
"""
"""What stands in place of a text that is for members."""

LOGIN_PATHS = (
    r"/(?:log-?in|sign-?in|authwall|auth/login|accounts?/login|users?/sign_in|wp-login\.php|sso|session/new|uas/login|"
    r"checkpoint|anmelden|connexion|inloggen)(?:[/.?]|$)"
)
"""In the path of a login page."""

CONSENT_TITLES = r"""
    before you continue(?: to .{0,40})?|(?:we (?:value|care about|respect)|about) your privacy
    (?:your )?(?:privacy|cookie|consent|data) (?:choices?|settings?|consent|preferences?|preference cent(?:er|re)|
    …policy consent|notice)
    manage (?:your )?(?:consent|cookies|privacy)(?: .{0,30})?|cookies? (?:consent|wall|notice)
    (?:.{0,30} )?is part of the .{0,30} family of brands|consent(?: .{0,20})?
    (?:are you|you must be) (?:over |at least )?(?:18|21|of legal .{0,20})\b.{0,40}|age (?:verification|gate|check)
    bevor (?:sie|du) .{0,40}(?:fortfahren|fortfährst|weitergehen|weitergehst|weiterlesen)
    (?:ihre|deine) (?:privatsphäre|daten|zustimmung|einwilligung).{0,40}
    (?:zustimmung|einwilligung|datenschutz(?:einstellungen|-einstellungen)|cookie-einstellungen|
    …privatsphäre-einstellungen).{0,40}
    (?:.{0,20} )?mit werbung (?:weiter)?lesen.{0,40}
    willkommen(?: bei .{0,30})?[:!]? ?(?:bitte )?(?:wählen sie|weiter mit werbung).{0,40}|avant d'accéder.{0,50}
    (?:votre|nous respectons votre|le respect de votre) (?:vie privée|confidentialité).{0,50}
    (?:gestion|paramètres) des cookies|continuer sans accepter|antes de (?:continuar|ir a).{0,40}
    (?:tu|su|valoramos tu|valoramos su|nos importa tu) privacidad.{0,40}|configuración de (?:cookies|privacidad)
    prima di continuare.{0,40}|(?:la tua privacy|rispettiamo la tua privacy|teniamo alla tua privacy).{0,40}
    impostazioni (?:dei )?cookie|(?:a sua|sua|valorizamos a sua) privacidade.{0,40}|definições de cookies
    configurações de cookies|voordat (?:je|u) (?:verdergaat|doorgaat).{0,40}|(?:jouw|uw|je) privacy.{0,40}
    cookie-?instellingen|privacy-?instellingen|(?:jouw|uw) toestemming.{0,30}|dpg media privacy gate
    zanim przejdziesz.{0,40}|(?:twoja prywatność|szanujemy twoją prywatność|dbamy o twoją prywatność).{0,40}
    ustawienia (?:prywatności|plików cookie)|прежде чем (?:перейти|продолжить).{0,40}
    (?:ваша конфиденциальность|настройки (?:файлов )?cookie|согласие на обработку).{0,40}|.{0,15}に進む前に
    cookie(?:の)?(?:設定|同意)|プライバシー設定|(?:继续|繼續)(?:前往|使用).{0,15}(?:之前|前)|cookie ?(?:设置|設定|
    …同意)|隐私设置|隱私設定
"""
"""A title or heading that asks for consent, or for an age."""

CONSENT_KINDS = (
    r"""
    cookies?\b
    """,
    r"""
    クッキー
    """,
    r"""
    consent\w*|einwillig\w*|zustimm\w*|consentement|consentimiento|consenso|consentimento|toestemming|zgod[aęy]\w*
    соглас\w+|同意
    """,
    r"""
    (?:accept|reject|allow) all|alle (?:akzeptieren|ablehnen)|tout (?:accepter|refuser)|aceptar todo|rechazar todo
    accetta tutt\w+|rifiuta tutt\w+|aceitar tud?o|alles (?:accepteren|weigeren)|(?:zaakceptuj|odrzuć) wszystk\w+
    принять вс[её]|すべて(?:同意|拒否|許可)|全部(?:接受|拒绝|拒絕)
    """,
    r"""
    (?:our|unsere\w*|nos|nuestros|i nostri|nossos|onze|nasi|наши) (?:\d+ )?(?:partner\w*|partenaires|socios|
    …parceiros|партн[её]р\w*|vendors)
    \d{2,4} (?:partner|vendor)\w*
    """,
    r"""
    personali[sz]ed (?:ads|advertising|content)|personalisierte (?:werbung|anzeigen)|publicités? personnalisée?s?
    (?:anuncios|publicidad) personalizad\w+|annunci personalizzati|gepersonaliseerde advertenties
    spersonalizowan\w+ reklam\w*|персонализированн\w+
    """,
    r"""
    store and/or access|speichern (?:von|und)|stocker et/ou|almacenar (?:y/o|información)|archiviare
    """,
    r"""
    legitimate interest|berechtigte[sn] interesse|intérêt légitime|interés legítimo|legittimo interesse
    """,
    r"""
    privacy policy|datenschutz\w*|politique de confidentialité|política de privacida\w+|informativa sulla privacy
    privacybeleid|polityk\w+ prywatności
    """,
    r"""
    iab|tcf|gdpr|dsgvo|rgpd|tracking
    """,
)
"""What walls for consent speak of, one kind each."""

CONSENT_ADDRESSES = (
    r"^https?://(?:consent|guce|cmp|privacygate|myprivacy)\.|"
    r"/(?:privacy-?gate|privacy-?wall|consent(?:-?wall|-?management|check)?|cookie-?(?:wall|consent)|collectconsent|"
    r"gdpr-consent|zustimmung|age-?(?:gate|verification|check))(?:[/.?]|$)"
)
"""In the address of a page for consent."""

SCRIPT_WORDS = r"""
    (?:please )?(?:enable|activate|turn on|switch on) (?:your )?(?:javascript|js)
    javascript (?:is|seems to be|must be|needs to be|has to be) (?:not )?(?:disabled|enabled|required|turned off|
    …activated|available|needed)
    (?:requires?|needs?|without|doesn't work (?:properly )?without) (?:to have )?(?:your )?(?:browser's )?javascript
    your browser (?:does not|doesn't) support javascript
    javascript .{0,40}(?:aktivier\w*|eingeschaltet|deaktiviert|einschalten|benötigt|erforderlich)
    (?:aktivieren sie|bitte aktiviere?n? sie|benötigt|erfordert) (?:bitte )?javascript
    (?:activer|activez|nécessite) (?:le )?javascript|javascript .{0,30}(?:désactivé|activé|requis|nécessaire)
    (?:activa|active|activar|habilita|habilite|habilitar|necesita|requiere) (?:el )?javascript
    javascript .{0,30}(?:desactivado|deshabilitado|habilitado|necesario)
    (?:abilita|abilitare|attiva|attivare|richiede) (?:il )?javascript|javascript .{0,30}(?:disabilitato|disattivato)
    (?:ative|ativar|habilite|habilitar|requer) o? ?javascript|javascript .{0,30}(?:desativado|desabilitado)
    (?:schakel|zet) javascript (?:in|aan)|javascript .{0,30}(?:uitgeschakeld|ingeschakeld|inschakelen)
    włącz(?:yć)? (?:obsługę )?javascript|javascript .{0,30}(?:wyłączon\w+|włączon\w+)
    (?:включите|включить) (?:поддержку )?javascript|javascript .{0,30}(?:отключ[её]н|выключен|включ\w+)
    javascript(?:を|が)(?:有効|無効|オン)|(?:启用|啟用|开启|打开|開啟) ?javascript|javascript ?(?:已禁用|被禁用|
    …未启用)
"""
"""What pages that need JavaScript say without it."""

SCRIPT_ROOTS = frozenset({
    "___gatsby", "__next", "__nuxt", "app", "app-container", "app-root", "application", "appmountpoint", "approot",
    "container-app", "elm", "ember-app", "flutter_target", "layers", "main-app", "mount", "ng-app", "q-app",
    "react-app", "react-root", "reactroot", "root", "single-spa-application", "spa-root", "svelte", "vue-app",
    "webapp", "wix-viewer",
})  # fmt: skip
"""Ids of elements that an application fills."""


def any_of(lines: str) -> re.Pattern[str]:
    """One expression for all these lines."""
    whole = _CONTINUED.sub("", lines)
    return re.compile("|".join(filter(None, map(str.strip, whole.split("\n")))), re.DOTALL)
