// Texts that break formats: markup, commands for CI systems, formulas, terminal sequences, broken UTF-8, every byte.
#pragma once

#include <string>
#include <vector>

namespace burstgate::test {

const std::vector<std::string>& hostile_strings();  // different ones, more than 516

}  // namespace burstgate::test
