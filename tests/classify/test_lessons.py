import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from triage.classify.lessons import Lessons, clause_lessons
from triage.classify.model import OUTPUTS

ATTITUDE, RUDE = OUTPUTS.index("categories:attitude"), OUTPUTS.index("issue:harsh_tone")
PRIMARY, NONE = OUTPUTS.index("primary:attitude"), OUTPUTS.index("primary:none")


def lessons_of(labels: dict[int, list[int]], scores: list[list[float]]) -> tuple[np.ndarray, np.ndarray]:
    """Make the lessons of messages with these labels, a list of clause scores for each, alike for every output."""
    wanted = np.full((len(scores), len(OUTPUTS)), -1)
    for output, said in labels.items():
        wanted[:, output] = said
    owners = np.repeat(np.arange(len(scores)), [len(each) for each in scores])
    flat = np.repeat(np.concatenate(scores)[:, None], len(OUTPUTS), axis=1)
    return clause_lessons(flat, wanted, owners, np.full(len(scores), 0.5))


def test_only_the_surest_clause_of_a_message_that_asserts_is_an_example() -> None:
    lessons, counts = lessons_of({ATTITUDE: [1]}, [[-1.0, 0.2, -0.5]])
    assert lessons[:, ATTITUDE].tolist() == [-1, 1, -1]
    assert counts[1, ATTITUDE] == 0.5


def test_every_clause_of_a_message_that_does_not_assert_is_one_and_they_share_its_weight() -> None:
    lessons, counts = lessons_of({ATTITUDE: [0]}, [[-1.0, 0.2, -0.5, 0.0]])
    assert lessons[:, ATTITUDE].tolist() == [0, 0, 0, 0]
    assert counts[:, ATTITUDE].sum() == 0.5


def test_none_is_turned_over() -> None:
    lessons, counts = lessons_of({NONE: [1, 0]}, [[0.3, 0.9], [0.3, -0.9]])
    assert lessons[:, NONE].tolist() == [1, 1, -1, 0]
    assert counts[:, NONE].tolist() == [0.25, 0.25, 0.5, 0.5]


def test_clauses_are_no_examples_against_a_category_asserted_beside_the_primary_one() -> None:
    labels = {ATTITUDE: [1, 0], PRIMARY: [0, 0], RUDE: [0, 0]}
    lessons, _ = lessons_of(labels, [[0.1, 0.2], [0.1, 0.2]])
    for output in (PRIMARY, RUDE):
        assert lessons[:, output].tolist() == [-1, -1, 0, 0]


@given(
    st.lists(st.lists(st.floats(-3, 3), min_size=1, max_size=5), min_size=1, max_size=6),
    st.lists(st.sampled_from([-1, 0, 1]), min_size=6, max_size=6),
)
def test_lessons_never_contradict_their_message(scores: list[list[float]], labels: list[int]) -> None:
    said = labels[: len(scores)]
    lessons, counts = lessons_of({ATTITUDE: said, NONE: said}, scores)
    owners = np.repeat(np.arange(len(scores)), [len(each) for each in scores])
    for message, each in enumerate(scores):
        for output in (ATTITUDE, NONE):
            taught = lessons[owners == message, output]
            assert set(taught.tolist()) <= {-1, said[message]}
            # A message with several clauses that says something always teaches; one with a single clause never.
            assert (taught >= 0).any() == (len(each) > 1 and said[message] >= 0)
    assert ((counts > 0) & (counts <= 0.5)).all()


def made_of(rows: np.ndarray, none: list[int], clauses: list[bool]) -> Lessons:
    """Make lessons of these rows, each of its own piece, of which some say that they are no complaint."""
    wanted = np.full((len(rows), len(OUTPUTS)), -1)
    wanted[:, NONE] = none
    rows = sparse.csr_array(rows / np.linalg.norm(rows, axis=1)[:, None])
    return Lessons(rows, wanted, np.full(wanted.shape, 0.5), np.arange(len(none)), np.array(clauses))


def test_a_message_stays_what_it_is_with_something_idle_beside_it() -> None:
    lessons = made_of(np.eye(4), none=[0, 1, 1, 0], clauses=[False, False, True, True])
    more = lessons.with_asides(0.8)
    assert more.pieces.tolist() == [0, 1, 2, 3, 0, 1]
    assert more.clauses.tolist() == [False, False, True, True, False, False]
    assert more.wanted[4:, NONE].tolist() == [0, 1]
    assert np.allclose(more.weights[4:], 0.4)
    # The third example is the only clause of a message that is none; the fourth may say something.
    aside = 0.5 / np.sqrt(1.25)
    assert np.allclose(more.rows[4:].toarray(), [[2 * aside, 0, aside, 0], [0, 2 * aside, aside, 0]])


def test_nothing_is_put_beside_a_message_where_nothing_idle_is_known_or_wanted() -> None:
    lessons = made_of(np.eye(3), none=[0, 1, 0], clauses=[False, False, True])
    assert lessons.with_asides(1.0) is lessons
    idle = made_of(np.eye(3), none=[0, 1, 1], clauses=[False, False, True])
    assert idle.with_asides(0.0) is idle


@given(st.integers(1, 40), st.integers(1, 40))
def test_idle_clauses_are_dealt_out_evenly(messages: int, idle: int) -> None:
    rows = np.eye(messages + idle)
    none = [0] * messages + [1] * idle
    lessons = made_of(rows, none, [False] * messages + [True] * idle)
    more = lessons.with_asides(1.0)
    used = (more.rows[messages + idle :].toarray()[:, messages:] > 0).sum(axis=0)
    assert used.sum() == messages
    assert used.max() - used.min() <= 1
