"""Words of time in the languages whose questions are read by rules: months, units, numbers, decades, centuries."""

from typing import Literal

Unit = Literal["hour", "day", "week", "month", "quarter", "year", "decade", "century"]

_MONTHS = {
    "en": "january february march april may june july august september october november december",
    "en, short": "jan feb mar apr may jun jul aug sep oct nov dec",
    "de": "januar februar märz april mai juni juli august september oktober november dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "ru, in": "январе феврале марте апреле мае июне июле августе сентябре октябре ноябре декабре",
}
MONTHS = {word: number for words in _MONTHS.values() for number, word in enumerate(words.split(), start=1)}
MONTHS |= {"sept": 9, "jänner": 1, "fevrier": 2, "aout": 8, "decembre": 12, "setiembre": 9, "marco": 3, "maerz": 3}

_UNITS: dict[Unit, str] = {
    "hour": "hour hours stunde stunden heure heures hora horas ora ore uur uren часов",
    "day": "day days tag tage tagen jour jours día días dia dias giorno giorni dag dagen день дня дней",
    "week": "week weeks woche wochen semaine semaines semana semanas settimana settimane weken неделя неделе"
    " неделю недели недель",
    "month": "month months monat monate monaten monats mois mes meses mese mesi mês maand maanden месяц месяце"
    " месяца месяцев",
    "quarter": "quarter quarters quartal trimestre kwartaal квартал квартале",
    "year": "year years jahr jahre jahren jahres an ans année années annee año años ano anno anni anos jaar jaren"
    " год году года лет",
    "decade": "decade decades jahrzehnt jahrzehnte jahrzehnten décennie décennies década décadas decennio decenni"
    " decennium decennia",
    "century": "century jahrhundert siècle siglo secolo século eeuw",
}  # fmt: skip
UNITS: dict[str, Unit] = {word: unit for unit, words in _UNITS.items() for word in words.split()}

_NUMBERS = {
    1: "a an one ein eine einem einer einen un une uno una um uma een één",
    2: "two zwei deux dos due dois duas twee couple",
    3: "three few drei trois tres tre três drie",
    4: "four vier quatre cuatro quattro quatro",
    5: "five fünf cinq cinco cinque vijf",
    6: "six sechs seis sei zes",
    7: "seven sieben sept siete sette sete zeven",
    8: "eight acht huit ocho otto oito",
    9: "nine neun neuf nueve nove negen",
    10: "ten zehn dix diez dieci dez tien",
    12: "twelve zwölf douze doce dodici doze twaalf",
    20: "twenty zwanzig vingt veinte venti vinte twintig",
}
NUMBERS = {word: number for number, words in _NUMBERS.items() for word in words.split()}

DECADES = {
    word: tens
    for tens, words in {
        20: "twenties zwanzigerjahre zwanziger", 30: "thirties dreißigerjahre dreißiger",
        40: "forties vierzigerjahre vierziger", 50: "fifties fünfzigerjahre fünfziger",
        60: "sixties sechzigerjahre sechziger", 70: "seventies siebzigerjahre siebziger",
        80: "eighties achtzigerjahre achtziger", 90: "nineties neunzigerjahre neunziger",
    }.items()
    for word in words.split()
}  # fmt: skip

_ORDINALS = (
    "tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
    " twenty-first"
)
CENTURIES = {word: number for number, word in enumerate(_ORDINALS.split(), start=10)}

WEEKDAYS = {
    word: number
    for words in (
        "monday tuesday wednesday thursday friday saturday sunday",
        "montag dienstag mittwoch donnerstag freitag samstag sonntag",
        "lundi mardi mercredi jeudi vendredi samedi dimanche",
        "lunes martes miércoles jueves viernes sábado domingo",
        "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag",
    )
    for number, word in enumerate(words.split())
}

_NUMERALS = "I II III IV V VI VII VIII IX X XI XII XIII XIV XV XVI XVII XVIII XIX XX XXI"
ROMAN = {numeral: number for number, numeral in enumerate(_NUMERALS.split(), start=1)}
