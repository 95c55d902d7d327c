#include "report/marks.hpp"

namespace burstgate::report {

using verdict::Outcome;

Ink ink_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::pass:
      return Ink::good;
    case Outcome::warn:
      return Ink::warn;
    case Outcome::fail:
      return Ink::bad;
    case Outcome::inconclusive:
      return Ink::doubt;
  }
  return Ink::plain;
}

std::string sign_of(Outcome outcome, bool unicode) {
  switch (outcome) {
    case Outcome::pass:
      return unicode ? "✔" : "+";
    case Outcome::warn:
      return unicode ? "⚠" : "!";
    case Outcome::fail:
      return unicode ? "✘" : "x";
    case Outcome::inconclusive:
      return "?";
  }
  return {};
}

}  // namespace burstgate::report
