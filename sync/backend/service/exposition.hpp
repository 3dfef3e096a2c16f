// SPDX-License-Identifier: EUPL-1.2
// Writes OpenMetrics text: one family after the other, each with type, unit and help, ended by EOF.
// All names begin with freigabe_. Pure. Norm: OpenMetrics 1.0.0.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace backend {

class Exposition {
  public:
    /// Begins a family; `unit` must be the end of `name`, or empty.
    void begin(std::string_view type, std::string_view name, std::string_view help,
               std::string_view unit = "");
    /// A family of one sample.
    void counter(std::string_view name, std::string_view help, std::uint64_t value);
    void gauge(std::string_view name, std::string_view help, std::int64_t value,
               std::string_view unit = "");
    /// A gauge in seconds, given in milliseconds. name ends in "_seconds".
    void seconds(std::string_view name, std::string_view help, std::uint64_t value_ms);
    /// One sample of the family that was begun; the label's value may be any text.
    void sample(std::string_view name, std::string_view label, std::string_view value,
                std::uint64_t number);
    void sample_seconds(std::string_view name, std::string_view label, std::string_view value,
                        std::uint64_t value_ms);
    /// counts: one more than bounds_ms, not cumulative.
    void histogram(std::string_view name, const std::pair<std::string, std::string>& label,
                   std::span<const std::uint64_t> counts, std::span<const std::uint64_t> bounds_ms,
                   std::uint64_t sum_ms);
    [[nodiscard]] std::string done() { return std::move(text_) + "# EOF\n"; }

  private:
    std::string text_;
};

}  // namespace backend
