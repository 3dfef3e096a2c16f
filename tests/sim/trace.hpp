// SPDX-License-Identifier: EUPL-1.2
// What happened in a world: a hash over everything (the same seed must give the same one), the last
// events in words, and the first violation. One thread.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

namespace sim {

struct Violation {
    std::string invariant;  ///< "I1".."I16"
    std::string what;
    std::uint64_t step = 0;
};

class Trace {
  public:
    void begin_step() { ++step_; }
    [[nodiscard]] std::uint64_t step() const { return step_; }
    /// Into the hash and among the last events.
    void note(std::string text);
    /// Into the hash only.
    void mix(std::string_view bytes);
    /// Keeps the first one; the world stops.
    void violate(std::string invariant, std::string what);
    [[nodiscard]] bool broken() const { return violation_.has_value(); }
    [[nodiscard]] const std::optional<Violation>& violation() const { return violation_; }
    [[nodiscard]] const std::deque<std::string>& last() const { return last_; }
    [[nodiscard]] std::uint64_t hash() const { return hash_; }
    [[nodiscard]] std::uint64_t events() const { return events_; }
    /// Every event on standard output as it happens.
    void speak() { loud_ = true; }

  private:
    std::uint64_t step_ = 0;
    std::uint64_t hash_ = 0xCBF29CE484222325ULL;
    std::uint64_t events_ = 0;
    std::deque<std::string> last_;
    std::optional<Violation> violation_;
    bool loud_ = false;
};

}  // namespace sim
