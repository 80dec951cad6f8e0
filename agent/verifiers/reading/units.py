"""Units of measure and currencies: what they measure, and their size in the unit that measures are compared in.

A hand-written table of what prose uses. Tried and left out (300 sentences of WiCE pages): quantulum3 0.10 takes 7.8 ms
a sentence and reads "6th Day" as tonne hours and "F-15J" as joules; pint 0.25 needs 0.45 s to start and parses no
prose; price-parser 0.5 reads "February 27, 2015" as 272015.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """`size` of it in the common unit of its `dimension`, to which `shift` is added (temperatures only)."""

    dimension: str
    size: float = 1.0
    shift: float = 0.0


_TABLE = {
    "length": """
        km kilometer kilometre kilomètre kilómetro chilometro км = 1000; m meter metre mètre metro метр = 1;
        cm centimeter centimetre zentimeter = 0.01; mm millimeter millimetre = 0.001; nm nanometer nanometre = 1e-9;
        µm μm micrometer micrometre micron = 1e-6; mi mile meile milla miglio = 1609.344; ft foot feet = 0.3048;
        inch inches zoll = 0.0254; yd yard = 0.9144; nautical-mile = 1852; light-year lightyear = 9.4607e15;
        parsec = 3.0857e16; fathom = 1.8288
    """,
    "area": """
        km² km2 sq-km square-kilometer square-kilometre quadratkilometer = 1e6; m² m2 sq-m square-meter square-metre
        quadratmeter = 1; ha hectare hektar = 1e4; acre = 4046.86; sq-mi square-mile = 2589988; sq-ft square-foot
        square-feet = 0.092903
    """,
    "volume": """
        l liter litre = 1; ml milliliter millilitre = 0.001; cl = 0.01; m³ m3 cubic-meter cubic-metre kubikmeter = 1000;
        cubic-kilometer cubic-kilometre km³ = 1e12; cubic-foot cubic-feet = 28.3168; gallon = 3.78541 4.54609;
        barrel = 158.987; pint = 0.473176 0.568261; quart = 0.946353; cc = 0.001
    """,
    "mass": """
        kg kilogram kilogramme kilo kilogramm кг = 1; g gram gramme gramm = 0.001; mg milligram milligramm = 1e-6;
        µg μg mcg microgram = 1e-9; t tonne metric-ton = 1000; ton = 1000 907.185 1016.05;
        lb lbs pound pfund = 0.453592; oz ounce = 0.0283495; stone = 6.35029; carat = 0.0002
    """,
    "share": "% percent per-cent prozent pct percentage-point percentage-points procent = 0.01",
    "speed": """
        km/h kmh kph kilometers-per-hour kilometres-per-hour = 0.277778; mph miles-per-hour = 0.44704; m/s = 1;
        knot = 0.514444
    """,
    "time": """
        s sec second secs sekunde seconde segundo секунд = 1; ms millisecond = 0.001; min minute mins minuto = 60;
        h hr hour hrs stunde heure hora = 3600; day tag jour día dia giorno день дней = 86400;
        week woche semaine semana settimana = 604800; month monat mois mes mese = 2629746;
        year yr jahr jahre année año ano anno лет = 31556952; decade = 315569520; century centuries = 3155695200;
        night = 86400
    """,
    "data": """
        byte = 1; kb kilobyte = 1e3; mb megabyte = 1e6; gb gigabyte = 1e9; tb terabyte = 1e12; pb petabyte = 1e15
    """,
    "power": """
        w watt = 1; kw kilowatt = 1e3; mw megawatt = 1e6; gw gigawatt = 1e9; tw terawatt = 1e12; hp horsepower = 745.7
    """,
    "energy": """
        kwh kilowatt-hour = 3.6e6; mwh megawatt-hour = 3.6e9; gwh = 3.6e12; twh = 3.6e15; j joule = 1;
        kj = 1e3; mj = 1e6; kcal calorie = 4184
    """,
    "frequency": "hz hertz = 1; khz kilohertz = 1e3; mhz megahertz = 1e6; ghz gigahertz = 1e9",
    "usd": "$ us$ usd dollar dollars us-dollar u.s.-dollar buck = 1; cent = 0.01",
    "eur": "€ eur euro = 1",
    "gbp": "£ gbp pound pounds-sterling sterling quid = 1",
    "yen": "¥ jpy yen = 1",
    "inr": "₹ rs inr rupee = 1; lakh = 1e5; crore = 1e7",
    "cny": "yuan rmb cny renminbi = 1",
    "krw": "₩ krw won = 1",
    "chf": "chf = 1",
    "rub": "₽ rouble ruble rub = 1",
}  # fmt: skip


def _read(table: dict[str, str]) -> dict[str, tuple[Unit, ...]]:
    units: dict[str, tuple[Unit, ...]] = {}
    for dimension, rows in table.items():
        for row in rows.split(";"):
            names, _, sizes = row.rpartition("=")
            meant = tuple(Unit(dimension=dimension, size=float(size)) for size in sizes.split())
            for name in names.split():
                name = name.replace("-", " ")
                units[name] = (*units.get(name, ()), *meant)
    return units


_CELSIUS = (Unit(dimension="temperature"),)
_FAHRENHEIT = (Unit(dimension="temperature", size=5 / 9, shift=-160 / 9),)

UNITS = _read(_TABLE) | {
    "°c": _CELSIUS, "celsius": _CELSIUS, "degrees celsius": _CELSIUS, "degree celsius": _CELSIUS,
    "grad celsius": _CELSIUS,
    "° c": _CELSIUS, "degrees c": _CELSIUS, "°f": _FAHRENHEIT, "° f": _FAHRENHEIT, "fahrenheit": _FAHRENHEIT,
    "degrees fahrenheit": _FAHRENHEIT, "degree fahrenheit": _FAHRENHEIT, "degrees f": _FAHRENHEIT,
    "kelvin": (Unit(dimension="temperature", shift=-273.15),),
    "°": (*_CELSIUS, *_FAHRENHEIT, Unit(dimension="")), "degrees": (*_CELSIUS, *_FAHRENHEIT, Unit(dimension="")),
}  # fmt: skip
"""Units by name, folded; a name with several meanings (pound, ton, gallon) has them all."""

SIGNS = "$€£¥₹₩₽"
"""What stands before its number."""


def units_of(name: str) -> tuple[Unit, ...]:
    """The units that `name` may mean, in the singular or plural; () if it is none."""
    folded = " ".join(name.casefold().replace("-", " ").split())
    found = UNITS.get(folded, ())
    if not found and len(folded) > 3:
        found = UNITS.get(folded.removesuffix("s"), ()) or UNITS.get(folded.removesuffix("en"), ())
    return found or UNITS.get(folded.removesuffix("n"), ())
