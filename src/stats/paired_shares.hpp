// Two shares of the same pairs, where each pair has an answer of yes or no on both sides. Only pairs whose sides differ
// say anything: those flagged on the candidate's side only, and on the baseline's side only.
//
// Q. McNemar, "Note on the sampling error of the difference between correlated proportions or percentages",
// Psychometrika 12 (1947) 153-157, in its exact binomial form; C. J. Clopper, E. S. Pearson, "The use of confidence or
// fiducial limits illustrated in the case of the binomial", Biometrika 26 (1934) 404-413.
#pragma once

#include <cstdint>

namespace burstgate::stats {

// One-sided, against "the candidate's side is flagged no more often": P(Bin(both together, 1/2) >= candidate_only); 1
// when there are none.
double mcnemar_p(std::uint64_t candidate_only, std::uint64_t baseline_only);

// Upper confidence bound, one-sided at the level 1 - alpha, of the candidate's share minus the baseline's. The pairs
// that agree cancel: it is the share of candidate_only minus that of baseline_only. The smaller of two bounds:
// Clopper-Pearson's of the former alone at alpha, as the latter is not negative; and of the former minus his lower
// bound of the latter, at alpha / 2 each. So it is the exact bound of candidate_only when there is no baseline_only,
// and 1 - alpha^(1 / pairs) when that is 0, too.
//
// The smaller of two could miss more often than alpha; it does not, which the test finds by going through every
// outcome. Tango's score bound (Statistics in Medicine 17 (1998) 891-908) holds its level only approximately.
//
// candidate_only + baseline_only <= pairs, which is not 0; alpha in (0, 1).
double upper_excess(std::uint64_t candidate_only, std::uint64_t baseline_only, std::uint64_t pairs, double alpha);

}  // namespace burstgate::stats
