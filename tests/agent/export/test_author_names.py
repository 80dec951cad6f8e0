"""Persons have a family name; bodies have none, whatever their words look like."""

import pytest
from fontes.agent.export.names import Name, names

PERSONS = [
    ("Mira Talvik", "Talvik"), ("Emily Post", "Post"), ("Humphry House", "House"), ("Nick Park", "Park"),
    ("Ludwig van Beethoven", "van Beethoven"), ("J. R. Holm", "Holm"), ("Samantha Power", "Power"),
    ("Margaret Court", "Court"), ("Sergei Petrov", "Petrov"), ("José Ortega", "Ortega"),
    ("Anna-Lena Bergström", "Bergström"),
    ("Ruth Church", "Church"), ("Wei Zhang", "Zhang"), ("Jane SMITH", "SMITH"), ("Aoife O'Brien", "O'Brien"),
    ("Edward Abbey", "Abbey"), ("Iain Banks", "Banks"), ("T. S. Hall", "Hall"), ("Dietrich Bonhoeffer", "Bonhoeffer"),
    ("Kwame Mensah", "Mensah"), ("Laura Temple", "Temple"), ("Chiara Bianchi", "Bianchi"), ("Grace Law", "Law"),
    ("Priya Raman", "Raman"), ("Gustav Werner", "Werner"), ("Ida de la Cruz", "de la Cruz"), ("Ben Forest", "Forest"),
    ("Yuki Tanaka", "Tanaka"), ("Robert Lodge", "Lodge"), ("Inge Lehmann", "Lehmann"),
]  # fmt: skip
BODIES = [
    "Orvay Water Board", "World Bank", "Northern Lighthouse Board", "Trinity House", "National Park Trust",
    "Deutsche Bahn", "Tarrow Harbour Office", "Bundesamt Seeschifffahrt", "Met Office", "Royal Mint", "Penguin Press",
    "Washington Post", "Banco Central", "Stadtwerke Kiel", "NASA Goddard", "Hadley Centre", "Ministerio Público",
    "Rijkswaterstaat Noord", "Kew Gardens", "Lloyds Bank", "Stockholm Environment Institute", "Canterbury Cathedral",
    "Acme Holdings", "Hydro Québec Research", "Oxford Union", "Berliner Sparkasse", "Wellcome Trust", "Fish Market",
    "Orkney Islands Council", "Ludlow Castle",
]  # fmt: skip


@pytest.mark.parametrize(("text", "family"), PERSONS)
def test_a_person_has_a_family_name(text: str, family: str) -> None:
    assert names(text) == (Name(family=family, given=text.removesuffix(family).strip()),)


@pytest.mark.parametrize("text", BODIES)
def test_a_body_stays_as_it_is_written(text: str) -> None:
    assert names(text) == (Name(literal=text),)
