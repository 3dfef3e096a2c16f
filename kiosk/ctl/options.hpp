// SPDX-License-Identifier: EUPL-1.2
// A small reader of command lines: `--flag`, `--name VALUE`, `--list A B C` (up to the next option)
// and plain words. Unknown and doubled options are refused. Views point into argv. Secrets never
// come this way: they are read from standard input (files.hpp), because arguments are visible to
// every process.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "kiosk/ctl/commands.hpp"

namespace ctl {

enum class Takes : std::uint8_t { nothing, value, list };

struct OptionSpec {
    std::string_view name;  ///< with its two hyphens
    Takes takes = Takes::nothing;
};

class Options {
  public:
    /// Nothing after a message on standard error: unknown option, missing value, doubled value.
    static std::optional<Options> parse(Arguments arguments,
                                        std::initializer_list<OptionSpec> specs);

    [[nodiscard]] bool has(std::string_view name) const;
    [[nodiscard]] std::optional<std::string_view> value(std::string_view name) const;
    /// All values of a list option in order; empty if it was not given.
    [[nodiscard]] std::vector<std::string_view> values(std::string_view name) const;
    /// Words that belong to no option.
    [[nodiscard]] const std::vector<std::string_view>& words() const { return words_; }

  private:
    std::map<std::string_view, std::vector<std::string_view>> given_;
    std::vector<std::string_view> words_;
};

/// The non-empty parts of `text` between `separator`s.
[[nodiscard]] std::vector<std::string_view> split(std::string_view text, char separator);

}  // namespace ctl
