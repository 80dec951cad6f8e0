"""Rules of the gate: what they are read from, what is refused and why, and when they are broken."""

import pytest
from fontes.evals.gate import GateError, Rule, judge, parse_rule
from fontes.evals.paired import Paired, paired
from hypothesis import given
from hypothesis import strategies as st

NAMES = st.from_regex(r"[a-z_][a-z0-9_.@:/-]*", fullmatch=True)
BOUNDS = st.floats(0, 1e6, allow_subnormal=False).map(lambda value: float(f"{value:.6g}"))


@given(metric=NAMES, bound=BOUNDS, is_below=st.booleans(), relative=st.booleans())
def test_a_rule_reads_back_as_it_is_shown(*, metric: str, bound: float, is_below: bool, relative: bool) -> None:
    rule = Rule(
        metric=metric, side="<" if is_below else ">", bound=(-bound if is_below else bound) + 0.0, relative=relative
    )
    read = parse_rule(str(rule))
    assert (read.metric, read.side, read.relative) == (rule.metric, rule.side, rule.relative)
    assert read.bound == pytest.approx(rule.bound)


@given(st.text(alphabet=st.one_of(st.sampled_from("ab<>=-+.%0123 e@"), st.characters()), max_size=30))
def test_any_text_is_a_rule_or_an_error_that_shows_what_one_is(text: str) -> None:
    try:
        rule = parse_rule(text)
    except GateError as error:
        assert "citation_precision<-0.02" in str(error)  # noqa: PT017 - most texts are none, some are
    else:
        assert rule.bound <= 0 if rule.side == "<" else rule.bound >= 0


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("citation_precision<-0.02", "citation_precision<-0.02"),
        ("  ndcg@10 < −.05 ", "ndcg@10<-0.05"),
        ("seconds>10%", "seconds>10%"),
        ("package.module:name>0", "package.module:name>0"),
        ("em<-0", "em<0"),
    ],
)
def test_a_rule_is_read(text: str, shown: str) -> None:
    assert str(parse_rule(text)) == shown


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "there is nothing"),
        ("citation_precision", "no < or >"),
        ("citation_precision<=-0.02", "'=-0.02' is no number"),
        ("citation_precision<0.9", "a difference, B − A, and a rule with < takes one of 0 or less"),
        ("seconds>-1", "0 or more"),
        ("9<-1", "'9' is no metric's name"),
        ("a<b<-1", "more than one"),
        ("em<-1e999", "too large"),
        ("em<nan", "'nan' is no number"),
    ],
)
def test_what_is_no_rule_says_why(text: str, why: str) -> None:
    with pytest.raises(GateError, match=r"--fail-on") as raised:
        parse_rule(text)
    assert why in str(raised.value)


LOSS = paired([1.0] * 40, [0.0] * 8 + [1.0] * 32)
CHANCE = paired([1.0] * 40, [0.0] * 2 + [1.0] * 38)
GAIN = paired([0.0] * 8 + [1.0] * 32, [1.0] * 40)


def broken(*rules: str, alpha: float = 0.05, **found: Paired) -> list[bool]:
    (rulings,) = judge([parse_rule(rule) for rule in rules], [found], alpha=alpha)
    return [each.broken for each in rulings]


def test_a_loss_past_the_bound_that_chance_does_not_explain_breaks_the_rule() -> None:
    assert broken("em<-0.02", em=LOSS) == [True]
    assert broken("em<-0.3", em=LOSS) == [False]
    assert broken("em<-0.02", em=GAIN) == [False]
    assert broken("em>0.02", em=GAIN) == [True]
    assert broken("em<-10%", "em<-25%", em=LOSS) == [True, False]


def test_what_chance_explains_breaks_nothing_unless_every_difference_counts() -> None:
    ((ruling,),) = judge([parse_rule("em<-0.02")], [{"em": CHANCE}])
    assert not ruling.broken
    assert "it may be chance (p 0.25): 1 → 0.95, -0.05" in ruling.why
    assert broken("em<-0.02", alpha=1, em=CHANCE) == [True]


def test_many_rules_share_the_chance_of_a_false_alarm() -> None:
    one = paired([1.0] * 40, [0.0] * 5 + [1.0] * 35)  # p 1/32
    assert broken("em<0", em=one) == [True]
    assert broken("em<0", "f1<0", em=one, f1=CHANCE) == [False, False]
    assert broken("em<0", "f1<0", em=one, f1=LOSS) == [True, True]


def test_a_metric_that_was_not_measured_names_those_that_were() -> None:
    with pytest.raises(GateError, match=r"'f1'\. Compared are: em") as raised:
        judge([parse_rule("f1<0")], [{"em": LOSS}])
    assert raised.value.rule == "f1<0"


def test_alpha_is_a_probability_above_nothing() -> None:
    with pytest.raises(ValueError, match="not 0"):
        judge([], [], alpha=0)


def test_several_comparisons_share_the_chance_of_a_false_alarm_too() -> None:
    one = paired([1.0] * 40, [0.0] * 5 + [1.0] * 35)  # p 1/32
    rulings = judge([parse_rule("em<0")], [{"em": one}, {"em": CHANCE}])
    assert [[each.broken for each in held] for held in rulings] == [[False], [False]]


def test_one_more_failed_case_breaks_a_gate_that_says_nothing_of_failures() -> None:
    one_more = paired([0.0] * 40, [1.0] + [0.0] * 39)
    assert broken("em<-0.5", em=LOSS, failed=one_more) == [False, True]
    assert broken("failed>0.05", failed=one_more) == [False]
