#include "report/explain.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "report/escape.hpp"
#include "report/explain_step.hpp"
#include "report/marks.hpp"
#include "report/page.hpp"
#include "report/road.hpp"
#include "report/rows.hpp"
#include "report/wording.hpp"

namespace burstgate::report {

using verdict::Cause;
using verdict::Check;
using verdict::CheckKind;
using verdict::Comparison;
using verdict::Outcome;
using verdict::PairedLook;
using verdict::PairedStep;

namespace {

constexpr std::size_t longest_label = 40;

bool is_same_rule(const Check& a, const Check& b) {
  return a.kind == b.kind && a.metric == b.metric && a.endpoint == b.endpoint;
}

class Writer {
 public:
  Writer(const Report& report, const Explanation& explanation, bool color, bool unicode)
      : report_(report),
        verdict_(*report.verdict),
        looks_(explanation.looks),
        page_(color, unicode),
        labels_(unique_labels(endpoint_names(report), [unicode](std::string_view name) {
          return elided(terminal_text(name, unicode), longest_label);
        })) {}

  void heading(const std::vector<std::string>& remarks);
  void road();
  void reasons();
  void checks();
  void looks();
  std::string text() const { return page_.text(); }

 private:
  void fact(std::string_view label, std::string_view text) { page_.fact(2, label, text); }
  void check_fact(std::string_view label, std::string_view text) { page_.fact(6, label, text); }
  std::string row_name(const Check& check) const;
  void check(const Check& check);
  void regression(const Check& check);
  void limit(const Check& check);
  void look(std::size_t number, const PairedLook& look);
  void look_row(const PairedStep& step);
  // The last look that judged the check, from 1; nothing when none did.
  const PairedStep* last_step(const Check& check, std::size_t& number) const;

  const Report& report_;
  const verdict::Verdict& verdict_;
  const std::vector<PairedLook>& looks_;
  Page page_;
  std::map<std::string, std::string> labels_;
};

std::string Writer::row_name(const Check& check) const {
  const auto label = labels_.find(check.endpoint);
  return name_of(check, label == labels_.end() ? "" : label->second);
}

void Writer::heading(const std::vector<std::string>& remarks) {
  const Headline head = headline(report_, labels_);
  const std::string lead = sign_of(verdict_.outcome, page_.unicode()) + " " + head.word + "  ";
  page_.paragraph(page_.inked(ink_of(verdict_.outcome), lead), columns(lead), head.reason);
  page_.paragraph(std::string(columns(lead), ' '), columns(lead), head.tally);
  for (const std::string& remark : remarks) {
    page_.blank();
    page_.paragraph("", 0, remark);
  }
}

void Writer::road() {
  page_.title("How it was judged");
  const double spent = looks_.empty() ? 0 : looks_.back().alpha_spent;
  for (const Fact& road_fact : road_facts(report_, spent)) fact(road_fact.label, road_fact.text);
  if (verdict_.comparison == Comparison::paired && !report_.paired) {
    fact("missing", "the rounds are not in this file: what follows is what was saved of the decision");
  }
  if (verdict_.comparison == Comparison::stored) {
    fact("missing", fmt::format("the recorded runs are not in this file, and with them their spread, the level and "
                                "Holm's divisor of each check: burstgate compare {} RESULT judges again",
                                report_.baseline_file));
  }
  for (const std::string& note : verdict_.notes) fact("note", note);
}

void Writer::reasons() {
  if (verdict_.reasons.empty()) return;
  page_.title("What stands against judging");
  for (const auto& reason : verdict_.reasons) fact("cause", reason_text(reason.cause, reason.figure));
}

const PairedStep* Writer::last_step(const Check& check, std::size_t& number) const {
  for (number = looks_.size(); number > 0; --number) {
    for (const PairedStep& step : looks_[number - 1].steps) {
      if (step.judged && is_same_rule(step.check, check)) return &step;
    }
  }
  return nullptr;
}

void Writer::regression(const Check& check) {
  std::size_t number = 0;
  const PairedStep* step = last_step(check, number);
  if (step == nullptr) {
    for (const Fact& fact : saved_facts(check)) check_fact(fact.label, fact.text);
    return;
  }
  check_fact("look", fmt::format("{} of {}, the last that judged it: {} rounds", number, looks_.size(), step->rounds));
  for (const Fact& fact : step_facts(*step)) check_fact(fact.label, fact.text);
}

void Writer::limit(const Check& check) {
  check_fact("value", candidate_text(check, measure::find_endpoint(report_.candidate, check.endpoint)) +
                          " over the whole run" +
                          (check.baseline ? ", the baseline's is " + baseline_text(check) : ""));
  check_fact("limits", fmt::format("{} ({})", limit_text(check), check.place.text()));
}

void Writer::check(const Check& check) {
  page_.blank();
  page_.paragraph("  " + page_.inked(ink_of(check.outcome), sign_of(check.outcome, page_.unicode())) + " ", 4,
                  row_name(check));
  if (check.kind == CheckKind::limit) {
    limit(check);
  } else {
    regression(check);
  }
  const std::string why = reason_text(check.cause, check.figure);
  check_fact("so", std::string(name(check.outcome)) + (why.empty() ? "" : ": " + why));
  if (check.improved) check_fact("", "improved: certainly better by more than the limit");
  if (check.already_broken) check_fact("", "already broken before this change");
}

void Writer::checks() {
  page_.title("Checks");
  for (const Check& check : verdict_.checks) this->check(check);
}

void Writer::look_row(const PairedStep& step) {
  const Check& check = step.check;
  constexpr std::size_t name_columns = 28;
  std::string text;
  if (step.judged) {
    text = fmt::format("{}, {} ({})", name(check.outcome), change_text(check.metric, *check.change),
                       interval_text(check.metric, *check.interval));
  } else if (check.outcome == Outcome::inconclusive) {
    text = std::string(words(check.cause).what);
  } else {
    text = fmt::format("{} at an earlier look", name(check.outcome));
  }
  const std::string lead = "    " + page_.inked(ink_of(check.outcome), sign_of(check.outcome, page_.unicode())) + " ";
  page_.paragraph(lead + left(page_.clean(row_name(check)), name_columns), 6 + name_columns, text);
}

void Writer::look(std::size_t number, const PairedLook& look) {
  page_.paragraph(
      "  ", 2,
      fmt::format("look {}, at {:g} s of load: {} rounds used, {} set aside; {} of {} spent", number, look.planned_s,
                  look.rounds, look.rounds_set_aside, level_text(look.alpha_spent), level_text(verdict::paired_alpha)));
  if (look.steps.empty()) {
    page_.paragraph("    ", 4, fmt::format("nothing is judged before there are {} rounds", verdict::min_rounds));
  }
  for (const PairedStep& step : look.steps) look_row(step);
}

void Writer::looks() {
  if (looks_.empty()) return;
  page_.title("Look by look");
  for (std::size_t i = 0; i < looks_.size(); ++i) look(i + 1, looks_[i]);
}

}  // namespace

std::string render_explanation(const Report& report, const Explanation& explanation, bool color, bool unicode) {
  Writer writer(report, explanation, color, unicode);
  writer.heading(explanation.remarks);
  writer.road();
  writer.reasons();
  writer.checks();
  writer.looks();
  return writer.text();
}

}  // namespace burstgate::report
