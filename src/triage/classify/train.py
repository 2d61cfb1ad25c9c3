"""Train a model on a labelled corpus: the same data gives the same arrays, for no step draws at random.

1. Terms of every message and clause → TF-IDF.
2. Base heads (linear SVMs) over TF-IDF: one yes/no score for each output. A first round learns from messages and
   labelled clauses; by its scores the clauses of messages become examples too (:mod:`triage.classify.lessons`), and
   the second round learns from both, and from every piece once more with something idle said beside it.
3. Top heads (logistic regressions) over whole and pooled scores. They are fitted on scores of base heads
   that did not see the piece (cross-fitting over author batches): a base head is far too sure of what it
   was trained on.
4. Thresholds from the cross-fitted probabilities, so that no promise rests on training
   data: found on the validation batches, checked on the test batches.
5. Base and top heads are fitted once more on everything; these are saved.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from threadpoolctl import threadpool_limits

from triage.classify.lessons import Lessons
from triage.classify.model import DISTRIBUTIONS, HEADS, OUTPUTS, Base, Model, Top, pool
from triage.classify.pieces import Pieces
from triage.classify.terms import Floats, Ints
from triage.errors import InputError
from triage.records import Severity

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Recipe", "corpus_hash", "train"]

#: Shares of the primaries in real streams of complaints (docs/ablations.md); top heads are weighted by them.
PRIORS = {"technical": 0.42, "communication": 0.08, "process": 0.30, "attitude": 0.05, "none": 0.15}
#: Sums in another order end in other last bits, so the number of BLAS threads is fixed, whatever the environment says.
_BLAS_THREADS = 2
_SEVERITY_RANK = {severity.value: severity.rank for severity in Severity}


@dataclasses.dataclass(frozen=True)
class Recipe:
    """Settings of a training run, chosen by measurement (``docs/ablations.md``).

    Parameters
    ----------
    max_terms : int
        The vocabulary keeps the commonest terms up to this number.
    min_count : int
        A term in fewer pieces is left out.
    base_c : float
        Inverse regularisation of the base heads.
    top_c : mapping of str to float
        Inverse regularisation of each top head.
    temperature : float
        Divides the logits of `primary`, above 1 because real messages are harder than the corpus. The corpus
        itself asks for 0.9, whichever stream is left out; real messages for 1.4 (``docs/ablations.md``).
    prior_strength : float
        How far the top heads are weighted to the class shares of real streams, from 0 to 1.
    first_weight, clause_weight : float
        Weight of the first texts (author batches named ``STREAM-sNN``, wittier than life and labelled once)
        and of single clauses, beside 1 for all others.
    lesson_weight : float
        Weight of what a message teaches about its clauses, beside what it teaches as a whole.
    aside_weight : float
        Weight of a message with something else said beside it, next to the message alone.
    folds : int
        Number of parts for cross-fitting.
    target_precision : float
        Precision promised for ``automate``.
    """

    max_terms: int = 120_000
    min_count: int = 2
    base_c: float = 0.3
    top_c: Mapping[str, float] = dataclasses.field(
        default_factory=lambda: {"primary": 0.03, "categories": 0.01, "issue": 0.03, "severity": 0.1}
    )
    temperature: float = 1.4
    prior_strength: float = 0.5
    first_weight: float = 0.3
    clause_weight: float = 0.1
    lesson_weight: float = 3.0
    aside_weight: float = 1.0
    folds: int = 5
    target_precision: float = 0.95


def corpus_hash(corpus: pd.DataFrame) -> str:
    """Return a digest of what the model learns from: texts and labels, in order."""
    digest = hashlib.sha256()
    for row in corpus[["text", "primary", "categories", "issue", "severity"]].itertuples(index=False):
        digest.update(repr(tuple(row)).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def targets(corpus: pd.DataFrame) -> Ints:
    """Return the yes/no target of every base output, -1 where the piece does not say.

    Returns
    -------
    ndarray of shape (n_pieces, n_outputs)
    """
    columns: list[Any] = []
    ranks = corpus["severity"].map(_SEVERITY_RANK)
    for output in OUTPUTS:
        head, _, name = output.partition(":")
        if head == "categories":
            columns.append([name in categories for categories in corpus["categories"]])
        elif head == "severity":
            columns.append(np.where(ranks.isna(), -1, ranks.fillna(0) >= _SEVERITY_RANK[name]))
        else:
            columns.append((corpus[head] == name).to_numpy())
    return np.array(columns, dtype=np.int64).T


def piece_weights(corpus: pd.DataFrame, recipe: Recipe) -> Floats:
    """Return how much each piece counts."""
    first = corpus["author_batch"].str.contains(r"-s\d\d$").to_numpy()
    clause = corpus["severity"].isna().to_numpy()
    return np.where(clause, recipe.clause_weight, np.where(first, recipe.first_weight, 1.0))


def _fit_base(lessons: Lessons, recipe: Recipe) -> tuple[Floats, Floats]:
    """Fit one linear SVM for each output; return weights (n_terms, n_outputs) and intercepts.

    The primal solver: the dual one draws from a generator that threads share, and its arrays would differ.
    """
    from joblib import Parallel, delayed
    from sklearn.svm import LinearSVC

    lessons = lessons.with_asides(recipe.aside_weight)

    def fit(output: int) -> tuple[Floats, float]:
        # Without weight an example is left out; taking it out of the rows would copy them for every output.
        wanted, weights = lessons.wanted[:, output], lessons.weights[:, output]
        machine = LinearSVC(C=recipe.base_c, dual=False)
        machine.fit(lessons.rows, wanted > 0, sample_weight=np.where(wanted >= 0, weights, 0.0))
        return machine.coef_[0], float(machine.intercept_[0])

    fitted = Parallel(n_jobs=-1, prefer="threads")(delayed(fit)(output) for output in range(len(OUTPUTS)))
    # Half precision halves the model file; rounding here makes the saved model the one that was measured.
    coefficients = np.stack([coefficient for coefficient, _ in fitted], axis=1).astype(np.float16).astype(np.float64)
    return coefficients, np.array([intercept for _, intercept in fitted])


def _fit_tops(inputs: Floats, wanted: Ints, weights: Floats, recipe: Recipe) -> dict[str, Top]:
    """Fit the top heads on pooled scores."""
    from sklearn.linear_model import LogisticRegression

    tops = {}
    for head, names in HEADS.items():
        first = OUTPUTS.index(f"{head}:{names[0]}")
        block = wanted[:, first : first + len(names)]
        # A distribution is learnt from the pieces that have one of its labels; the others from all that say.
        said = block.sum(axis=1) == 1 if head in DISTRIBUTIONS else block.min(axis=1) >= 0
        labels = [block[said].argmax(axis=1)] if head in DISTRIBUTIONS else list(block[said].T)
        coefficients, intercepts = [], []
        for label in labels:
            machine = LogisticRegression(C=recipe.top_c[head], solver="newton-cholesky", max_iter=200).fit(
                inputs[said], label, sample_weight=weights[said]
            )
            coefficients.append(machine.coef_)
            intercepts.append(machine.intercept_)
        softer = recipe.temperature if head == "primary" else 1.0
        tops[head] = Top(np.concatenate(coefficients).T / softer, np.concatenate(intercepts) / softer)
    return tops


def _folds(batches: Sequence[str], count: int) -> Iterator[tuple[Ints, Ints]]:
    """Split by author batch: what one author wrote is never on both sides."""
    from sklearn.model_selection import GroupKFold

    return iter(GroupKFold(count).split(np.zeros(len(batches)), groups=np.asarray(batches)))


def _cross_scores(pieces: Pieces, lessons: Lessons, batches: Sequence[str], recipe: Recipe) -> tuple[Floats, Floats]:
    """Score pieces and their clauses with base heads that did not see their author batch."""
    whole = np.zeros((pieces.whole.shape[0], len(OUTPUTS)))
    clauses = np.zeros((pieces.clauses.shape[0], len(OUTPUTS)))
    for seen, unseen in _folds(batches, recipe.folds):
        coefficients, intercept = _fit_base(lessons.of(seen), recipe)
        mine = np.flatnonzero(np.isin(pieces.owners, unseen))
        whole[unseen] = pieces.whole[unseen] @ coefficients + intercept
        clauses[mine] = pieces.clauses[mine] @ coefficients + intercept
    return whole, clauses


def class_weights(primaries: Sequence[str], priors: dict[str, float], strength: float) -> Floats:
    """Weight messages so that the classes have the shares of real streams.

    Parameters
    ----------
    primaries : sequence of str
        Primary category of each message.
    priors : dict of str to float
        Shares in real streams.
    strength : float
        0 leaves the corpus's shares, 1 imposes the real ones.
    """
    names, counts = np.unique(primaries, return_counts=True)
    shares = dict(zip(names, counts / len(primaries), strict=True))
    return np.array([(priors[name] / shares[name]) ** strength for name in primaries])


def _check_outputs(wanted: Ints) -> None:
    """Refuse data in which some label never or always holds."""
    one_sided = [name for name, column in zip(OUTPUTS, wanted.T, strict=True) if not (0 in column and 1 in column)]
    if one_sided:
        raise InputError(
            "some labels have no piece, or every piece has them",
            value=", ".join(one_sided),
            cure="Add labelled pieces that differ in them.",
        )


def train(corpus: pd.DataFrame, recipe: Recipe | None = None, *, name: str = "default") -> Model:
    """Train a model.

    Parameters
    ----------
    corpus : DataFrame
        As :func:`triage.datasets.load_corpus` returns it: ``text primary categories issue severity
        author_batch part``. Pieces without a severity are single clauses; they teach the base heads only.
    recipe : Recipe, optional
        Settings.
    name : str, default "default"
        Name of the model.

    Returns
    -------
    Model
        Ready to score and to save; the cross-fitted metrics stand in its facts.

    Raises
    ------
    InputError
        If a label has no piece or there are fewer author batches than folds.
    """
    with threadpool_limits(limits=_BLAS_THREADS, user_api="blas"):
        return _trained(corpus, recipe or Recipe(), name)


def _trained(corpus: pd.DataFrame, recipe: Recipe, name: str) -> Model:
    from triage.classify.evaluate import held_out_metrics

    corpus = corpus.reset_index(drop=True)
    batches = corpus["author_batch"].tolist()
    if len(set(batches)) < recipe.folds:
        raise InputError(
            f"cross-fitting needs at least {recipe.folds} author batches",
            value=len(set(batches)),
            cure="Give the pieces more author batches, or Recipe(folds=…) fewer folds.",
        )
    wanted = targets(corpus)
    _check_outputs(wanted)
    pieces = Pieces.read(corpus["text"].tolist(), min_count=recipe.min_count, max_terms=recipe.max_terms)
    messages = np.flatnonzero(corpus["severity"].notna().to_numpy())
    mine, authors = wanted[messages], [batches[at] for at in messages]
    part = corpus["part"].to_numpy()[messages]
    pieces_count = piece_weights(corpus, recipe)
    weights = pieces_count[messages] * class_weights(
        corpus["primary"].iloc[messages].tolist(), PRIORS, recipe.prior_strength
    )

    lessons = Lessons.of_messages(pieces, wanted, pieces_count)
    lessons = lessons.with_clauses(pieces, _cross_scores(pieces, lessons, batches, recipe)[1], recipe.lesson_weight)
    whole, clauses = _cross_scores(pieces, lessons, batches, recipe)
    inputs = np.hstack([pool(whole, clauses, pieces.owners), pieces.flags])[messages]
    held_out: dict[str, Floats] = {head: np.zeros((len(messages), len(names))) for head, names in HEADS.items()}
    for seen, unseen in _folds(authors, recipe.folds):
        for head, top in _fit_tops(inputs[seen], mine[seen], weights[seen], recipe).items():
            held_out[head][unseen] = top.logits(inputs[unseen])
    tops = _fit_tops(inputs, mine, weights, recipe)

    probabilities = {head: Model.activate(head, logits) for head, logits in held_out.items()}

    coefficients, intercept = _fit_base(lessons, recipe)
    base = Base(
        "\n".join(pieces.vectorizer.get_feature_names_out()),
        pieces.vectorizer.idf_.astype(np.float32),
        coefficients.astype(np.float32),
        intercept,
    )
    facts = {
        "name": name,
        "corpus": {"hash": corpus_hash(corpus), "messages": len(messages), "clauses": len(corpus) - len(messages)},
        "recipe": dataclasses.asdict(recipe),
        **held_out_metrics(probabilities, corpus.iloc[messages], part, recipe.target_precision),
    }
    return Model(base, tops, facts)
