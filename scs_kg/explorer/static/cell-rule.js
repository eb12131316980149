// The cell rule computes the mark, the counts and the scope of a cell from verdicts and provisions. The rule is the
// same as in scs_kg/judging/cells.py; a test compares both implementations on random readings. A provision is
// {criterion, isDeciding, isPlain, conditions}, where criteria and conditions are numbers of tests. A verdict is
// {outcome, reason, latest, onPaper}; `reason` is the position in the order of reasons, or -1.
"use strict";
const isOutcome = (outcome) => (verdict) => verdict.outcome === outcome;
const isTrue = isOutcome("passed"), isFalse = isOutcome("failed"), isOpen = isOutcome("cantTell");

// Returns the strongest reason why verdicts are open, or -1.
const strongestReason = (verdicts) => verdicts.reduce((found, { reason }) => reason >= 0 && (found < 0 || reason < found) ? reason : found, -1);

// Returns each criterion with the provisions that count for it; if a criterion has deciding provisions, only these
// count.
function groupedProvisions(provisions) {
  const every = new Map();
  for (const one of provisions) every.set(one.criterion, [...(every.get(one.criterion) || []), one]);
  return [...every].map(([criterion, all]) => {
    const deciding = all.filter((one) => one.isDeciding);
    return { criterion, isDeciding: deciding.length > 0, provisions: deciding.length ? deciding : all };
  });
}

// Returns the verdict on a criterion under the conditions of its provisions.
function criterionVerdict({ criterion, provisions }, verdicts) {
  const own = verdicts[criterion], asked = provisions.map((one) => one.conditions.map((condition) => verdicts[condition]));
  if (own.outcome === "inapplicable" || asked.every((group) => group.some(isFalse))) return { outcome: "inapplicable", reason: -1 };
  if (!isOpen(own) && asked.some((group) => group.every(isTrue))) return own;
  const possible = asked.filter((group) => !group.some(isFalse)), pending = possible.flat().filter(isOpen);
  const isWaiting = pending.length > 0 && possible.every((group) => group.some(isOpen));
  const reason = isWaiting ? strongestReason(isOpen(own) ? [...pending, own] : pending) : own.reason;
  return { outcome: "cantTell", reason };
}

function cellOutcome(counts, rule, isOutside) {
  const of = counts.met + counts.notMet + counts.open;
  if (isOutside || (!of && counts.inapplicable)) return "inapplicable";
  if (counts.notMet) return "failed";
  return counts.met && (rule === "AnyCriterion" || !counts.open) ? "passed" : "cantTell";
}

// Returns whether a deciding provision with plain force, whose conditions are all true, requires a failed criterion.
function isPlainFailure(groups, found, verdicts) {
  return groups.some((group, place) => isFalse(found[place]) && group.provisions.some((one) =>
    one.isPlain && one.isDeciding && one.conditions.every((condition) => isTrue(verdicts[condition]))));
}

function markOf(outcome, counts, rule, groups, found, verdicts) {
  if (outcome === "inapplicable") return outcome;
  if (!groups.length) return "notAsked";
  if (outcome === "failed") return rule === "AnyCriterion" || isPlainFailure(groups, found, verdicts) ? "notMet" : "notMetInterpreted";
  return outcome === "passed" ? "met" : counts.met ? "partlyMet" : "notKnown";
}

function scopeOf(principle, verdicts, isElsewhere, giving) {
  const isAssumed = principle.premises.some((premise) => isOpen(verdicts[premise]));
  const latest = giving.map((verdict) => verdict.latest).filter(Boolean);
  return [
    ...(isAssumed || isElsewhere ? [] : ["established"]), ...(isAssumed ? ["assumed"] : []), ...(isElsewhere ? ["counterfactual"] : []),
    ...(principle.since && latest.length && latest.every((day) => day < principle.since) ? ["hindsight"] : []),
  ];
}

// Returns the cell of a principle {premises, since} and a system. `groups` is the result of groupedProvisions for the
// principle. `verdicts` are the verdicts on the system, indexed by the number of the test. `rule` is the id of the cell
// rule.
function decideCell(groups, principle, rule, verdicts, isElsewhere) {
  const deciding = groups.filter((group) => group.isDeciding), found = deciding.map((group) => criterionVerdict(group, verdicts));
  const isOutside = principle.premises.some((premise) => isFalse(verdicts[premise]));
  const number = (outcome) => isOutside ? 0 : found.filter(isOutcome(outcome)).length;
  const counts = { met: number("passed"), notMet: number("failed"), open: number("cantTell"), inapplicable: number("inapplicable") };
  const outcome = cellOutcome(counts, rule, isOutside);
  const mark = markOf(outcome, counts, rule, deciding, found, verdicts);
  const wanted = { met: "passed", partlyMet: "passed", notMet: "failed", notMetInterpreted: "failed" }[mark];
  const giving = found.filter((verdict) => verdict.outcome === wanted);
  return {
    mark, counts, reason: outcome === "cantTell" ? strongestReason(found) : -1,
    scopes: isOutside ? ["outside"] : scopeOf(principle, verdicts, isElsewhere, giving),
    onPaper: giving.filter((verdict) => verdict.onPaper).length,
  };
}
