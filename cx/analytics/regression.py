"""Linear and logistic regression with the diagnostics that tell whether to believe them."""

from __future__ import annotations

import warnings as python_warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import statsmodels.api as sm
from scipy import stats
from sklearn.metrics import roc_auc_score
from statsmodels.stats.diagnostic import het_breuschpagan
from statsmodels.stats.outliers_influence import variance_inflation_factor

from cx.analytics.estimate import CONFIDENCE
from cx.analytics.finding import ALPHA, Assumption, column, figure, said
from cx.errors import MeasureError

ROWS_PER_TERM = 10
MOST_LEVELS = 12


@dataclass(frozen=True)
class Regression:
    """`terms`: a row a term with coefficient, low, high, se, p, vif (and odds ratio for a logistic model, standardised beta for a linear one)."""

    kind: str
    terms: pd.DataFrame
    n: int
    missing: int
    r2: float | None
    adjusted_r2: float | None
    auc: float | None
    p: float | None
    checks: tuple[Assumption, ...]
    fitted: pd.Series | None
    influential: tuple[int, ...]
    sentence: str
    warnings: tuple[str, ...] = ()


def design(data: Any, outcome: str, predictors: Sequence[str]) -> tuple[pd.DataFrame, pd.Series, int, list[str]]:
    """Complete rows as numbers: categories as 0/1 columns against their most frequent level, constants dropped and named."""
    frame = data.to_pandas() if hasattr(data, "to_pandas") else pd.DataFrame(data)
    absent = [name for name in (outcome, *predictors) if name not in frame.columns]
    if absent or not predictors:
        raise MeasureError(
            f"a regression needs the column {', '.join(absent) or 'of a predictor'}",
            f"the table has {', '.join(map(str, frame.columns[:12]))}",
            "choose others",
        )
    kept = pd.DataFrame({name: column(frame[name], name) for name in (outcome, *predictors)})
    whole = kept.dropna()
    parts: dict[str, pd.Series] = {}
    for name in predictors:
        values = whole[name]
        if pd.api.types.is_float_dtype(values):
            parts[name] = values
            continue
        levels = values.value_counts()
        if len(levels) > MOST_LEVELS:
            raise MeasureError(
                f"a category may have at most {MOST_LEVELS} values", f"{name} has {len(levels)}", "group them, or choose another column"
            )
        for level in sorted(levels.index[1:], key=str):
            parts[f"{name} = {level}"] = (values == level).astype(float)
    table = pd.DataFrame(parts, index=whole.index).astype(float)
    constant = [str(name) for name in table.columns if np.ptp(table[name].to_numpy()) == 0] if len(table) else []
    return table.drop(columns=constant), whole[outcome], len(kept) - len(whole), constant


def _inflation(x: pd.DataFrame) -> list[float]:
    matrix = sm.add_constant(x, has_constant="add").to_numpy()
    with np.errstate(divide="ignore"):
        return [float(variance_inflation_factor(matrix, i + 1)) for i in range(x.shape[1])]


def _nothing(kind: str, reason: str, n: int, missing: int) -> Regression:
    empty = pd.DataFrame(columns=["term", "coefficient", "low", "high", "se", "p", "vif"])
    return Regression(kind, empty, n, missing, None, None, None, None, (), None, (), f"No model is possible: {reason}.", (reason,))


def _common(x: pd.DataFrame, n: int, smaller: int, constant: list[str]) -> tuple[list[float], list[Assumption], list[str]]:
    vif = _inflation(x)
    worst = max(vif)
    checks = [
        Assumption(
            "predictors differ from each other",
            worst < 5,
            f"largest variance inflation factor {worst:.1f}" if worst < 1e6 else "some are combinations of others",
        ),
        Assumption(f"{ROWS_PER_TERM} cases or more a term", smaller >= ROWS_PER_TERM * x.shape[1], f"{smaller} cases for {x.shape[1]} terms"),
    ]
    warnings = [f"constant and left out: {', '.join(constant)}"] if constant else []
    return vif, checks, warnings


def linear(data: Any, outcome: str, predictors: Sequence[str]) -> Regression:
    """Ordinary least squares of a number on predictors.

    y = b0 + b1 x1 + ... + e; errors of the coefficients are heteroscedasticity-robust (HC3). `terms.beta` is the
    coefficient in standard deviations. Checks: variance inflation < 5, n >= 10 a term, Breusch-Pagan, normal residuals
    (Jarque-Bera), linearity by Ramsey's RESET. `influential`: row numbers with Cook's distance over 4/n and over 0.5.
    Rows with a missing value are dropped and counted. Source: Montgomery, Peck & Vining; MacKinnon & White (1985).

    >>> linear({"y": [1, 2.1, 2.9, 4.2, 5], "x": [1, 2, 3, 4, 5]}, "y", ["x"]).terms["coefficient"].round(2).tolist()
    [0.01, 1.01]
    """
    x, y, missing, constant = design(data, outcome, predictors)
    n = len(y)
    if len(y) and not pd.api.types.is_float_dtype(y):
        raise MeasureError("a linear regression explains a number", f"{outcome} holds categories", "choose another outcome or logistic regression")
    if x.shape[1] == 0 or n <= x.shape[1] + 2:
        return _nothing("linear", "there are fewer complete rows than the model needs, or nothing varies", n, missing)
    if np.ptp(y.to_numpy(float)) == 0:
        return _nothing("linear", f"all values of {outcome} are equal", n, missing)
    matrix = sm.add_constant(x, has_constant="add")
    if np.linalg.matrix_rank(matrix.to_numpy()) < matrix.shape[1]:
        return _nothing("linear", "some predictors are exact combinations of others", n, missing)
    plain = sm.OLS(y.astype(float), matrix).fit()
    leverage = plain.get_influence().hat_matrix_diag
    robust = plain.get_robustcov_results("HC3" if leverage.max() < 1 - 1e-8 else "HC1")
    vif, checks, warnings = _common(x, n, n, constant)
    ends = robust.conf_int(1 - CONFIDENCE)
    scale = x.std(ddof=1) / float(y.std(ddof=1))
    terms = pd.DataFrame(
        {"term": matrix.columns, "coefficient": robust.params, "low": ends[:, 0], "high": ends[:, 1], "se": robust.bse, "p": robust.pvalues,
         "beta": [np.nan, *(robust.params[1:] * scale.to_numpy())], "vif": [np.nan, *vif]}
    )  # fmt: skip
    exact = float(plain.ssr) <= 1e-20 * float(plain.centered_tss)
    if not exact:
        bp = float(het_breuschpagan(plain.resid, matrix)[1])
        normal = float(stats.jarque_bera(plain.resid).pvalue)
        squares = np.column_stack([matrix, plain.fittedvalues**2])
        bent = float(sm.OLS(y.astype(float), squares).fit().pvalues.iloc[-1]) if np.linalg.matrix_rank(squares) == squares.shape[1] else 1.0
        checks += [
            Assumption("equal spread of residuals", bp >= ALPHA, f"Breusch-Pagan {said(bp)}; errors allow for unequal spread"),
            Assumption(
                "normal residuals",
                normal >= ALPHA or n >= 100,
                f"Jarque-Bera {said(normal)}" + ("; with so many cases it matters little" if n >= 100 else ""),
            ),
            Assumption("straight-line relation", bent >= ALPHA, f"RESET {said(bent)}"),
        ]
    with np.errstate(divide="ignore", invalid="ignore"):
        cook = plain.get_influence().cooks_distance[0]
    influential = tuple(int(i) for i in x.index.to_numpy()[(cook > 4 / n) & (cook > 0.5)])
    sentence = (
        f"The model explains {100 * plain.rsquared:.0f} % of the variation of {outcome} (n = {n}, {said(float(plain.f_pvalue))}). {_leading(terms)}"
    )
    return Regression("linear", terms, n, missing, float(plain.rsquared), float(plain.rsquared_adj), None, float(plain.f_pvalue), tuple(checks),
                      plain.fittedvalues, influential, sentence, tuple(warnings))  # fmt: skip


def _leading(terms: pd.DataFrame) -> str:
    clear = terms.iloc[1:]
    clear = clear[clear["p"] < ALPHA]
    if clear.empty:
        return "No single predictor stands out."
    top = clear.iloc[int(clear["beta"].abs().to_numpy().argmax())]
    return f"{top['term']} matters most: {figure(float(top['coefficient']))} ({figure(float(top['low']))} to {figure(float(top['high']))}) for each unit. An association, not a cause."


def logistic(data: Any, outcome: str, predictors: Sequence[str], *, positive: Any = None) -> Regression:
    """Logistic regression of a yes/no outcome: log odds = b0 + b1 x1 + ...

    `positive`: the value that counts as yes (default: the larger, so True or 1). Odds ratios exp(b) with Wald intervals;
    `r2` is McFadden's; `auc` the chance that a yes is scored above a no (in the data it was fitted on). Checks: variance inflation,
    10 cases of the rarer outcome a term, Hosmer-Lemeshow. Where a predictor separates the outcomes perfectly there is no
    finite estimate: refused with that reason. Source: Hosmer, Lemeshow & Sturdivant (2013).
    """
    x, y, missing, constant = design(data, outcome, predictors)
    n = len(y)
    levels = sorted(y.unique().tolist(), key=str)
    if len(levels) > 2:
        raise MeasureError("a logistic regression explains one of two outcomes", f"{outcome} has {len(levels)} values", "choose another outcome")
    if len(levels) < 2 or x.shape[1] == 0:
        return _nothing("logistic", f"all values of {outcome} are equal, or nothing varies" if n else "there are no complete rows", n, missing)
    hit = (y == (levels[1] if positive is None else positive)).astype(float)
    rarer = int(min(hit.sum(), n - hit.sum()))
    matrix = sm.add_constant(x, has_constant="add")
    if rarer == 0 or np.linalg.matrix_rank(matrix.to_numpy()) < matrix.shape[1] or n <= matrix.shape[1]:
        return _nothing("logistic", "there are too few rows, or some predictors are exact combinations of others", n, missing)
    scale = x.std(ddof=0)
    standard = sm.add_constant((x - x.mean()) / scale, has_constant="add")
    with python_warnings.catch_warnings():
        python_warnings.simplefilter("ignore")  # separation and non-convergence are looked for below
        try:
            fit = sm.Logit(hit, standard).fit(disp=0, maxiter=100)
        except (np.linalg.LinAlgError, sm.tools.sm_exceptions.PerfectSeparationError):
            fit = None
    if fit is None or not fit.mle_retvals["converged"] or float(np.abs(fit.params).max()) > 30 or float(fit.bse.max()) > 100:
        return _nothing("logistic", "a predictor separates the outcomes perfectly, so no finite estimate exists", n, missing)
    vif, checks, warnings = _common(x, n, rarer, constant)
    b = fit.params.to_numpy()[1:] / scale.to_numpy()
    se = fit.bse.to_numpy()[1:] / scale.to_numpy()
    z = stats.norm.ppf(0.5 + CONFIDENCE / 2)
    base = float(fit.params.iloc[0] - (b * x.mean()).sum())
    p = fit.pvalues.to_numpy()
    terms = pd.DataFrame(
        {"term": matrix.columns, "coefficient": [base, *b], "low": [np.nan, *(b - z * se)], "high": [np.nan, *(b + z * se)], "se": [np.nan, *se], "p": [np.nan, *p[1:]],
         "odds_ratio": [np.nan, *np.exp(b)], "odds_low": [np.nan, *np.exp(b - z * se)], "odds_high": [np.nan, *np.exp(b + z * se)], "vif": [np.nan, *vif]}
    )  # fmt: skip
    score = pd.Series(np.asarray(fit.predict()), index=x.index)
    auc = float(roc_auc_score(hit, score))
    bins = pd.qcut(score.rank(method="first"), 10, labels=False) if n >= 50 else None
    if bins is not None:
        cells = pd.DataFrame({"o": hit, "e": score}).groupby(bins).agg(o=("o", "sum"), e=("e", "sum"), n=("o", "count"))
        hl = float(((cells["o"] - cells["e"]) ** 2 / (cells["e"] * (1 - cells["e"] / cells["n"])).clip(lower=1e-12)).sum())
        fit_p = float(stats.chi2.sf(hl, 8))
        checks.append(Assumption("predicted shares agree with observed ones", fit_p >= ALPHA, f"Hosmer-Lemeshow {said(fit_p)}"))
    leading = terms.iloc[1:].assign(beta=np.abs(b * scale.to_numpy()))
    clear = leading[leading["p"] < ALPHA]
    last = "No single predictor stands out."
    if len(clear):
        top = clear.iloc[int(clear["beta"].to_numpy().argmax())]
        last = (f"{top['term']} matters most: odds are multiplied by {figure(float(top['odds_ratio']))} ({figure(float(top['odds_low']))} to "
                f"{figure(float(top['odds_high']))}) for each unit. An association, not a cause.")  # fmt: skip
    sentence = f"The model tells {outcome} apart with an AUC of {auc:.2f} (n = {n}, {said(float(fit.llr_pvalue))}). {last}"
    return Regression(
        "logistic", terms, n, missing, float(fit.prsquared), None, auc, float(fit.llr_pvalue), tuple(checks), score, (), sentence, tuple(warnings)
    )
