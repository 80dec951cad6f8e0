"""Whether a question is about the person's own documents rather than the world."""

import re

_PAPERS = (
    r"notes?|notebooks?|documents?|docs|files?|folders?|contracts?|agreements?|handbook|manuals?|report"
    r"|reports|minutes|wiki|knowledge base"
    r"|e-?mails?|inbox|invoices?|lease|spreadsheets?|presentations?|slides|transcripts?|diary|journal"
    r"|archive|library|index|pdfs?|attachments?"
    r"|meeting notes|policy|policies|guidelines|protocols?|specs?|specifications?|proposals?|thesis"
    r"|drafts?|recordings?|bookmarks|uploads?|records"
)
_OWN_THINGS = (
    rf"{_PAPERS}|company|team|office|department|organi[sz]ation|firm|customers?|clients?|employees?|staff"
    rf"|suppliers?|vendors?|roadmap|budget"
    r"|products?|projects?|onboarding|intranet|warehouse|board|landlord|tenancy|insurance|subscription"
    r"|code ?base|repositor(?:y|ies)|procedures?"
    r"|sales|revenue|strategy|statutes|bylaws|pricing|refund|contractor|service level|sla|data ?base"
    r"|release process|deployment|incident"
)
_GIVEN = r"attached|uploaded|enclosed|provided|internal|above|shared|indexed|stored|saved"
_OWN = re.compile(
    rf"\bmy (?:own )?(?:[\w-]+ ){{0,2}}(?:{_PAPERS})\b"
    rf"|\bour (?:own )?(?:[\w’'-]+ ){{0,2}}(?:{_OWN_THINGS})\b"
    rf"|\b(?:these|this|the|those) (?:{_GIVEN}) (?:[\w-]+ )?(?:{_PAPERS})\b"
    r"|\bthese (?:documents|files|pdfs|contracts|reports|notes)\b|\bthis (?:document|file|pdf|contract"
    r"|report|manual|handbook)\b"
    rf"|\b(?:according to|in|from|within|per|under) the (?:employee |staff |user |project |company "
    rf"|meeting |board |rental |lease |employment |safety |quality |service |supplier )?(?:handbook"
    rf"|contract|lease|minutes|documents|docs|files|notes|attachments?|pdf|meeting notes|wiki"
    rf"|knowledge base|rental agreement|employment agreement|agreement|invoices?|e-?mails?)\b(?! (?:of"
    rf"|between|with) the \d| of [A-Z])"
    r"|\bthe (?:contract|lease|handbook|agreement|manual|policy|minutes|invoice|attachment|document|file"
    r"|pdf|notes|memo|report) (?:says?|states?|mentions?|requires?|specif(?:y|ies)|allows?|defines?"
    r"|promises?)\b"
    r"|\b(?:what|where) (?:did|do|have|had) (?:i|we) (?:write|wrote|written|note|noted|say|said|agree"
    r"|agreed|decide|decided|sign|signed|save|saved|store|promise|promised)\b"
    r"|\bdid (?:i|we) (?:write|note|agree|decide|sign|promise)\b|\bdo (?:i|we) have (?:any )?(?:notes"
    r"|documents|files)\b"
    r"|\b(?:mein|unser)(?:e[nmrs]?)?\s+(?:\w+ )?(?:\w*notizen|\w*vertr[aä]g\w*|\w*unterlagen"
    r"|\w*dokument\w*|\w*handbuch|\w*bericht\w*|\w*protokoll\w*|dateien|\w*rechnung\w*|firma"
    r"|\w*richtlinien?|team|unternehmen\w*|\w*ordnung|e-mails)\b"
    r"|\b(?:laut|gemäß|im|in den) (?:dem |den |der )?(?:\w*handbuch|\w*vertrag|protokoll|unterlagen"
    r"|dokumenten|notizen)\b"
    r"|\b(?:mes|mon|nos|notre|ma) (?:\w+ )?(?:notes?|documents?|contrats?|rapports?|fichiers?|dossiers?"
    r"|manuel|factures?|bail|entreprise|société|règlement|équipe)\b"
    r"|\b(?:mis?|nuestr[oa]s?) (?:\w+ )?(?:notas|apuntes|documentos?|contratos?|informes?|archivos?|manual"
    r"|facturas?|empresa|equipo|política)\b"
    r"|\b(?:mie[i]?|mio|nostr[oaie]) (?:\w+ )?(?:appunti|note|document[oi]|contratt[oi]|rapport[oi]|file"
    r"|manuale|fattur[ae]|azienda|squadra)\b"
    r"|\b(?:minhas?|meus?|noss[oa]s?) (?:\w+ )?(?:notas|anotações|documentos?|contratos?|relatórios?"
    r"|arquivos?|ficheiros?|manual|faturas?|empresa|equipa|equipe)\b"
    r"|\b(?:mijn|onze|ons) (?:\w+ )?(?:aantekeningen|notities|documenten|contract(?:en)?|rapport(?:en)?"
    r"|bestanden|handboek|\w*overeenkomst|huurcontract|facturen|bedrijf|team|beleid)\b"
    r"|\b(?:мои[хм]?|наш\w*) (?:заметк\w+|документ\w*|договор\w*)\b|私のメモ|社内|当社の|我的笔记|我们的合同",
    re.IGNORECASE,
)  # fmt: skip


def is_about_own_documents(text: str) -> bool:
    """Whether `text` names papers of the person's own ("in my notes", "our contract", "laut Handbuch")."""
    return bool(_OWN.search(text))
