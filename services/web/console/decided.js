// Which uploads of a case are still to be decided on, as the server has it: a
// decision on all of them is kept once, with the case, and is on those that were
// there and undecided at that time, since they joined or since all were put up
// to be decided again.

const isOn = (decision, upload, undecided) => {
  const named = decision.contentIds ?? [];
  if (named.length) return named.includes(upload.contentId);
  return undecided && Number(upload.number ?? 0) <= Number(decision.through ?? 0);
};

export function isUndecided(item, upload) {
  const rounds = item.rounds ?? [];
  let undecided = !upload.inherited;
  let round = upload.joinedRound ?? 0;
  const putUpAgain = (decisions) => {
    for (; round < rounds.length && rounds[round] <= decisions; ++round) undecided = true;
  };
  const decisions = item.decisions ?? [];
  decisions.forEach((decision, i) => {
    putUpAgain(i);
    if (isOn(decision, upload, undecided)) undecided = false;
  });
  putUpAgain(decisions.length);
  return undecided;
}

// The decision that holds on an upload.
export const lastDecision = (upload) => upload.decisions?.at(-1);
