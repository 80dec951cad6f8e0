"""The words that tell the day of a document from another day, in the languages whose months are read."""


def _any(phrases: str) -> str:
    return "|".join(r"\s+".join(phrase.split()) for phrase in phrases.split(","))


PUBLISHED = _any(r"""
    published, posted, issued, publication date, date of publication, date of issue, date published, date posted,
    published online, first published, veröffentlicht, erschienen, publiziert, veröffentlichungsdatum, publiée?,
    date de publication, publicado, fecha de publicación, pubblicato, data di pubblicazione, data de publicação,
    gepubliceerd
""")
WRITTEN = _any("date, dated, datum, fecha, data, written, geschrieben, verfasst, écrit, escrito, scritto")
CHANGED = _any(r"""
    (?:(?:this )?(?:page|document|text|article) )?(?:was )?(?:last|most recently)
    (?:updated|changed|modified|revised|edited|reviewed), last (?:update|revision|change|modification), updated,
    revised, date updated, date modified, stand, (?:zuletzt|letztmals) (?:geändert|aktualisiert|bearbeitet),
    aktualisiert, letzte (?:änderung|aktualisierung), (?:dernière )?mise à jour, mis à jour, modifiée?, última
    actualización, actualizado, ultimo aggiornamento, aggiornato, última atualização, atualizado, laatst bijgewerkt,
    bijgewerkt
""")
WEEKDAY = _any(r"""
    mon(?:day)?, tue(?:s|sday)?, wed(?:nesday)?, thu(?:rs|rsday)?, fri(?:day)?, sat(?:urday)?, sun(?:day)?, montag,
    dienstag, mittwoch, donnerstag, freitag, samstag, sonnabend, sonntag, lundi, mardi, mercredi, jeudi, vendredi,
    samedi, dimanche, lunes, martes, miércoles, jueves, viernes, sábado, domingo, lunedì, martedì, mercoledì,
    giovedì, venerdì, sabato, domenica, maandag, dinsdag, woensdag, donderdag, vrijdag, zaterdag, zondag, mo, di,
    mi, do, fr, sa
""")
# Documents whose head gives the day on which they were made.
GENRES = _any(r"""
    minutes(?! after| before| past| to| late), notes of the meeting, meeting notes, (?:press|media|news)
    (?:release|statement), newsletter, bulletin, (?:weekly|monthly|daily|status|situation|progress|quarterly)
    report, memo, memorandum, letter to, protokoll, sitzungsprotokoll, pressemitteilung, rundschreiben, rundbrief,
    compte[- ]rendu, procès-verbal, communiqué, acta, nota de prensa, comunicado de prensa, comunicato stampa,
    verbale, notulen, persbericht
""")
ISSUES = _any("draft, version, edition, revision, rev, issue, entwurf, fassung, ausgabe, numéro, número")
# What happens on a day, which then is not that of the text about it; beginnings of words.
EVENTS = _any(r"""
    battle, war\b, flood, fire\b, finals?\b, ceremony, opening, concert, festival, conference, workshop, exhibition,
    match\b, game\b, wedding, funeral, election, treaty, siege, massacre, disaster, crash, accident, earthquake,
    storm\b, attack, race\b, tour\b, premiere, birth, death, anniversary, hearing, trial\b, sinking, landing, fall of,
    execution, coronation, eruption,
    revolution, uprising, riot, strike\b, summit, congress, proclamation, konzert, schlacht,
    naissance, mort\b, bataille, batalla
""")
# Words that make a day another one than that of the text; beginnings of words.
OTHER_DAYS = _any(r"""
    born, died, open(?:s|ed)?\b, launch, session, agenda, invitation, deadline, due\b, expir, valid, effective, until,
    from\b, since, begins?\b, starts?\b, ends?\b, next, previous, approv, released, release date, founded, established,
    joined, member since, copyright, ©, arrival, departure, closing, closed, adopted, signed, accessed, retrieved,
    abgerufen, geboren, gestorben, gegründet, gültig, ab\b, bis\b, seit\b, einladung, valable, jusqu, nacid, hasta,
    scheduled, to be held, submission, inspected, day\b, act\b, law\b
""")
# What publishes: a day beside its name is that of the text, even in the title.
HOUSES = _any(r"""
    courier, times, post, gazette, herald, journal, chronicle, tribune, news, press, telegraph, guardian, observer,
    blog, magazine, review, office, agency, department, ministry, board, council, society, association, institute,
    university, committee, zeitung, anzeiger, nachrichten, amt, behörde, verein, le monde, diario, periódico,
    corriere
""")
# Labels beside a "Date:" that make it the day of an event, or of a work that is described.
EVENT_FACTS = _any(r"""
    time, where, when, venue, place, location, doors, admission, tickets, entry, speakers?, ort, uhrzeit, beginn,
    einlass, eintritt, veranstaltungsort, wann, wo, lieu, heure, tarif, lugar, hora, entrada, luogo, ora
""")
WORK_FACTS = _any(r"""
    isbn(?:-1[03])?, issn, pages, genre, publisher, running time, runtime, director, starring, label, developer,
    born, died, seiten, verlag, regie, éditeur, editorial, página, páginas
""")
CAST = _any(r"""
    present, in attendance, attendees, attending, participants, apologies, excused, absent, anwesend, entschuldigt,
    teilnehmer, présents?, excusés?, asistentes, presenti, aanwezig, subject, betreff, objet, asunto
""")
SALUTATION = _any(r"""
    dear, hi, hello, sir, madam, to whom it may concern, my dear, sehr geehrte[rn]?, liebe[rn]?, chère?, chers,
    madame, monsieur, querid[oa], estimad[oa]s?, caro, cara, gentile, beste, geachte
""")
