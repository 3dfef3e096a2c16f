// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/service/exposition.hpp"

#include "drivers/base/check.hpp"

namespace backend {
namespace {

constexpr std::string_view prefix = "freigabe_";

/// Milliseconds as decimal seconds: 1500 -> "1.5", 2000 -> "2.0" (bounds must look like floats).
std::string seconds_text(std::uint64_t ms) {
    std::string text = std::to_string(ms / 1'000) + ".";
    std::string digits = std::to_string(ms % 1'000 + 1'000).substr(1);
    while (digits.size() > 1 && digits.back() == '0') digits.pop_back();
    return text + digits;
}

std::string escaped(std::string_view value) {
    std::string out;
    for (const char c : value) {
        if (c == '\\' || c == '"') out += '\\';
        if (c == '\n') {
            out += "\\n";
        } else {
            out += c;
        }
    }
    return out;
}

std::string labelled(std::string_view name, std::string_view label, std::string_view value) {
    return std::string(prefix)
        .append(name)
        .append("{")
        .append(label)
        .append("=\"")
        .append(escaped(value))
        .append("\"");
}

}  // namespace

void Exposition::begin(std::string_view type, std::string_view name, std::string_view help,
                       std::string_view unit) {
    CHECK(unit.empty() || name.ends_with(unit));
    const std::string full = std::string(prefix).append(name);
    text_.append("# TYPE ").append(full).append(" ").append(type).append("\n");
    if (!unit.empty()) text_.append("# UNIT ").append(full).append(" ").append(unit).append("\n");
    text_.append("# HELP ").append(full).append(" ").append(help).append("\n");
}

void Exposition::counter(std::string_view name, std::string_view help, std::uint64_t value) {
    begin("counter", name, help);
    text_.append(prefix).append(name).append("_total ").append(std::to_string(value)).append("\n");
}

void Exposition::gauge(std::string_view name, std::string_view help, std::int64_t value,
                       std::string_view unit) {
    begin("gauge", name, help, unit);
    text_.append(prefix).append(name).append(" ").append(std::to_string(value)).append("\n");
}

void Exposition::seconds(std::string_view name, std::string_view help, std::uint64_t value_ms) {
    begin("gauge", name, help, "seconds");
    text_.append(prefix).append(name).append(" ").append(seconds_text(value_ms)).append("\n");
}

void Exposition::sample(std::string_view name, std::string_view label, std::string_view value,
                        std::uint64_t number) {
    text_.append(labelled(name, label, value)).append("} ").append(std::to_string(number));
    text_.append("\n");
}

void Exposition::sample_seconds(std::string_view name, std::string_view label,
                                std::string_view value, std::uint64_t value_ms) {
    text_.append(labelled(name, label, value)).append("} ").append(seconds_text(value_ms));
    text_.append("\n");
}

void Exposition::histogram(std::string_view name, const std::pair<std::string, std::string>& label,
                           std::span<const std::uint64_t> counts,
                           std::span<const std::uint64_t> bounds_ms, std::uint64_t sum_ms) {
    CHECK(counts.size() == bounds_ms.size() + 1);
    std::uint64_t below = 0;
    for (std::size_t i = 0; i < counts.size(); ++i) {
        below += counts[i];
        const std::string bound = i < bounds_ms.size() ? seconds_text(bounds_ms[i]) : "+Inf";
        text_.append(labelled(std::string(name) + "_bucket", label.first, label.second));
        text_.append(",le=\"").append(bound).append("\"} ").append(std::to_string(below));
        text_.append("\n");
    }
    sample(std::string(name) + "_count", label.first, label.second, below);
    sample_seconds(std::string(name) + "_sum", label.first, label.second, sum_ms);
}

}  // namespace backend
