"""The span of time a question names, counted from Sunday, 15 March 2026."""

from datetime import date

import pytest
from fontes.agent.questions.time_window import time_window
from hypothesis import given
from hypothesis import strategies as st

TODAY = date(2026, 3, 15)


@pytest.mark.parametrize(
    ("question", "since", "until"),
    [
        ("What happened in 2024?", "2024-01-01", "2024-12-31"),
        ("What happened in May 2024?", "2024-05-01", "2024-05-31"),
        ("What happened in February 2024?", "2024-02-01", "2024-02-29"),
        ("What happened on 1 May 2024?", "2024-05-01", "2024-05-01"),
        ("What happened on May 1st, 2024?", "2024-05-01", "2024-05-01"),
        ("What happened on 2024-05-01?", "2024-05-01", "2024-05-01"),
        ("Sales of 2024-05, please", "2024-05-01", "2024-05-31"),
        ("floods between 2019 and 2021", "2019-01-01", "2021-12-31"),
        ("floods from March 2019 to 2 June 2021", "2019-03-01", "2021-06-02"),
        ("floods 2019-2021", "2019-01-01", "2021-12-31"),
        ("floods 2019–2021", "2019-01-01", "2021-12-31"),
        ("Who has won since 2020?", "2020-01-01", ""),
        ("Who has won after May 2020?", "2020-06-01", ""),
        ("Who had won before 2020?", "", "2019-12-31"),
        ("Who had won by 2020?", "", "2020-12-31"),
        ("Which laws applied as of 3 January 2020?", "", "2020-01-03"),
        ("What changed today?", "2026-03-15", "2026-03-15"),
        ("What changed yesterday?", "2026-03-14", "2026-03-14"),
        ("What changed last week?", "2026-03-02", "2026-03-08"),
        ("What changed last month?", "2026-02-01", "2026-02-28"),
        ("What changed last year?", "2025-01-01", "2025-12-31"),
        ("What changed this year?", "2026-01-01", "2026-03-15"),
        ("What changed in the last 10 days?", "2026-03-05", "2026-03-15"),
        ("What changed over the past 2 weeks?", "2026-03-01", "2026-03-15"),
        ("What changed the past year?", "2025-03-15", "2026-03-15"),
        ("Best phones 2025", "2025-01-01", "2025-12-31"),
        ("WHAT HAPPENED IN MAY 2024?", "2024-05-01", "2024-05-31"),
        ("Who won after the 5th of March 2023?", "2023-03-06", ""),
        ("Who won on March 5?", "2026-03-05", "2026-03-05"),
        ("Who won on 20 March?", "2025-03-20", "2025-03-20"),
        ("Who won on 25/12/2023?", "2023-12-25", "2023-12-25"),
        ("Who won on 12/25/2023?", "2023-12-25", "2023-12-25"),
        ("Who won on 3/5/2023?", "2023-01-01", "2023-12-31"),
        ("Who has won since May?", "2025-05-01", ""),
        ("Who has won since March?", "2026-03-01", ""),
        ("Who has won since yesterday?", "2026-03-14", ""),
        ("Who has won since the beginning of 2022?", "2022-01-01", ""),
        ("Who has won from 2020 onwards?", "2020-01-01", ""),
        ("Who won before last year?", "", "2024-12-31"),
        ("pre-1914 borders", "", "1913-12-31"),
        ("post-2008 rules", "2009-01-01", ""),
        ("mid-2019 floods", "2019-01-01", "2019-12-31"),
        ("floods of 1914–18", "1914-01-01", "1918-12-31"),
        ("floods between March and May 2021", "2021-03-01", "2021-05-31"),
        ("floods of Q3 2024", "2024-07-01", "2024-09-30"),
        ("floods of 2024 Q3", "2024-07-01", "2024-09-30"),
        ("floods in the first quarter of 2024", "2024-01-01", "2024-03-31"),
        ("floods in the second half of 2024", "2024-07-01", "2024-12-31"),
        ("floods of H1 2024", "2024-01-01", "2024-06-30"),
        ("floods in the 1990s", "1990-01-01", "1999-12-31"),
        ("floods in the '90s", "1990-01-01", "1999-12-31"),
        ("floods in the eighties", "1980-01-01", "1989-12-31"),
        ("floods in the 19th century", "1801-01-01", "1900-12-31"),
        ("floods in the twentieth century", "1901-01-01", "2000-12-31"),
        ("floods of last quarter", "2025-10-01", "2025-12-31"),
        ("floods in the last 48 hours", "2026-03-13", "2026-03-15"),
        ("floods in the last three months", "2025-12-15", "2026-03-15"),
        ("floods in the past decade", "2016-03-15", "2026-03-15"),
        ("floods two years ago", "2024-01-01", "2024-12-31"),
        ("floods 2 weeks ago", "2026-02-23", "2026-03-01"),
        ("floods last Monday", "2026-03-09", "2026-03-09"),
        ("floods last weekend", "2026-03-07", "2026-03-08"),
        ("floods this week", "2026-03-09", "2026-03-15"),
        ("floods next year", "2027-01-01", "2027-12-31"),
        ("floods tomorrow", "2026-03-16", "2026-03-16"),
        ("Formula 1 2023 season", "2023-01-01", "2023-12-31"),
        ("the 2008 financial crisis", "2008-01-01", "2008-12-31"),
        ("France's 1998 team", "1998-01-01", "1998-12-31"),
        ("the Battle of Hastings in 1066", "1066-01-01", "1066-12-31"),
        ("sea level by 2050", "", "2050-12-31"),
        ("letzte Woche", "2026-03-02", "2026-03-08"),
        ("im letzten Jahr", "2025-01-01", "2025-12-31"),
        ("in den letzten drei Monaten", "2025-12-15", "2026-03-15"),
        ("vor zwei Jahren", "2024-01-01", "2024-12-31"),
        ("vor 2000", "", "1999-12-31"),
        ("seit März 2023", "2023-03-01", ""),
        ("seit Mai", "2025-05-01", ""),
        ("am 5. März 2023", "2023-03-05", "2023-03-05"),
        ("am 05.03.2023", "2023-03-05", "2023-03-05"),
        ("nach dem 5. März 2023", "2023-03-06", ""),
        ("zwischen 2019 und 2021", "2019-01-01", "2021-12-31"),
        ("von 2019 bis 2021", "2019-01-01", "2021-12-31"),
        ("im 3. Quartal 2024", "2024-07-01", "2024-09-30"),
        ("in den 1990er Jahren", "1990-01-01", "1999-12-31"),
        ("im 19. Jahrhundert", "1801-01-01", "1900-12-31"),
        ("gestern", "2026-03-14", "2026-03-14"),
        ("la semaine dernière", "2026-03-02", "2026-03-08"),
        ("l'année dernière", "2025-01-01", "2025-12-31"),
        ("le mois dernier", "2026-02-01", "2026-02-28"),
        ("ces trois derniers mois", "2025-12-15", "2026-03-15"),
        ("il y a deux ans", "2024-01-01", "2024-12-31"),
        ("depuis le 1er mai 2024", "2024-05-01", ""),
        ("avant 2000", "", "1999-12-31"),
        ("entre 2019 et 2021", "2019-01-01", "2021-12-31"),
        ("dans les années 1990", "1990-01-01", "1999-12-31"),
        ("dans les années 90", "1990-01-01", "1999-12-31"),
        ("au XIXe siècle", "1801-01-01", "1900-12-31"),
        ("aujourd'hui", "2026-03-15", "2026-03-15"),
        ("la semana pasada", "2026-03-02", "2026-03-08"),
        ("el año pasado", "2025-01-01", "2025-12-31"),
        ("en los últimos 3 meses", "2025-12-15", "2026-03-15"),
        ("hace dos años", "2024-01-01", "2024-12-31"),
        ("desde mayo de 2024", "2024-05-01", ""),
        ("el 5 de marzo de 2023", "2023-03-05", "2023-03-05"),
        ("entre 2019 y 2021", "2019-01-01", "2021-12-31"),
        ("en los años 90", "1990-01-01", "1999-12-31"),
        ("en el siglo XIX", "1801-01-01", "1900-12-31"),
        ("la settimana scorsa", "2026-03-02", "2026-03-08"),
        ("l'anno scorso", "2025-01-01", "2025-12-31"),
        ("negli ultimi tre mesi", "2025-12-15", "2026-03-15"),
        ("dal 2020", "2020-01-01", ""),
        ("nel marzo 2023", "2023-03-01", "2023-03-31"),
        ("negli anni '90", "1990-01-01", "1999-12-31"),
        ("na semana passada", "2026-03-02", "2026-03-08"),
        ("no ano passado", "2025-01-01", "2025-12-31"),
        ("nos últimos três meses", "2025-12-15", "2026-03-15"),
        ("em março de 2023", "2023-03-01", "2023-03-31"),
        ("de 2019 a 2021", "2019-01-01", "2021-12-31"),
        ("vorige week", "2026-03-02", "2026-03-08"),
        ("vorig jaar", "2025-01-01", "2025-12-31"),
        ("in de afgelopen drie maanden", "2025-12-15", "2026-03-15"),
        ("sinds maart 2023", "2023-03-01", ""),
        ("Wat gebeurde er na 2020 met het land?", "2021-01-01", ""),
        ("in de jaren 90", "1990-01-01", "1999-12-31"),
        ("в прошлом году", "2025-01-01", "2025-12-31"),
        ("в марте 2023 года", "2023-03-01", "2023-03-31"),
        ("昨年の受賞者", "2025-01-01", "2025-12-31"),
        ("今日の天気", "2026-03-15", "2026-03-15"),
        ("2024年5月1日の出来事", "2024-05-01", "2024-05-01"),
        ("1990年代の音楽", "1990-01-01", "1999-12-31"),
        ("2020年以降の法律", "2020-01-01", ""),
    ],
)
def test_the_window_a_question_names(question: str, since: str, until: str) -> None:
    assert time_window(question, TODAY) == (since, until)


@pytest.mark.parametrize(
    "question",
    [
        "",
        "Who built the tower?",
        "What may happen?",
        "What is on 2024-13-45?",
        "Is 31 February 2024 a day?",
        "How many of the 12500 lamps burn?",
        "What does RFC 9309 say?",
        "What is version 1.2024.5?",
        "Will it last?",
        "Who directed Blade Runner 2049?",
        "Who wrote the novel 1984?",
        "Who wrote 1984 by George Orwell?",
        'Who wrote "1984"?',
        "Is Orwell's 1984 a warning?",
        "Who stars in 2001: A Space Odyssey?",
        "When did the band The 1975 form?",
        "How long is a Boeing 747?",
        "What is stored at Area 51?",
        "How many people live within 2000 km?",
        "How many of the 1500 passengers survived?",
        "What is Windows 2000 based on?",
        "What does ISO 9001:2015 require?",
        "What costs $1999?",
        "Is the 5th the last?",
        "How far is the march to Mars?",
        "Was Rome large in the 2nd century BC?",
    ],
)
def test_a_question_that_names_no_time_has_no_window(question: str) -> None:
    assert time_window(question, TODAY) == ("", "")


def test_of_a_span_that_runs_backwards_only_a_point_is_taken() -> None:
    assert time_window("floods between 2021 and 2019", TODAY) == ("2021-01-01", "2021-12-31")


POINTS = st.sampled_from(
    ["2024-05-01", "2024-02-30", "0000-00", "9999-12-31", "May 2024", "31 Feb. 2023", "1 jan 2020", "sept. 1999"]
)
WORDS = st.sampled_from(
    ["since", "before", "after", "between", "and", "from", "to", "in", "the last", "past", "99999", "0", "3", "years",
     "week", "last month", "today", "–", "-", "as of", "\u0661\u0662\u0663\u0664", "\n"]
)  # fmt: skip


@given(
    text=st.one_of(st.text(), st.lists(st.one_of(POINTS, WORDS, st.text(max_size=5)), max_size=12).map(" ".join)),
    today=st.dates(min_value=date(1900, 1, 1)),
)
def test_any_text_has_a_window_in_order_or_none(text: str, today: date) -> None:
    since, until = time_window(text, today)
    days = [date.fromisoformat(day) for day in (since, until) if day]
    assert days == sorted(days)
