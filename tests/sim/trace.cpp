// SPDX-License-Identifier: EUPL-1.2
#include "tests/sim/trace.hpp"

#include <cstdio>

namespace sim {
namespace {

constexpr std::size_t last_max = 60;

}  // namespace

void Trace::mix(std::string_view bytes) {
    // FNV-1a, eight bytes a turn: a difference anywhere changes everything after it.
    std::uint64_t word = bytes.size();
    std::size_t in_word = 0;
    const auto flush = [&] {
        hash_ = (hash_ ^ word) * 0x100000001B3ULL;
        hash_ ^= hash_ >> 29U;
        word = 0;
        in_word = 0;
    };
    flush();
    for (const char each : bytes) {
        word = word << 8U | static_cast<unsigned char>(each);
        if (++in_word == 8) flush();
    }
    if (in_word > 0) flush();
}

void Trace::note(std::string text) {
    mix(text);
    ++events_;
    std::string line = std::to_string(step_) + " " + text;
    if (loud_) std::printf("  %s\n", line.c_str());
    last_.push_back(std::move(line));
    if (last_.size() > last_max) last_.pop_front();
}

void Trace::violate(std::string invariant, std::string what) {
    if (violation_) return;
    note("VIOLATION " + invariant + ": " + what);
    violation_ = Violation{std::move(invariant), std::move(what), step_};
}

}  // namespace sim
