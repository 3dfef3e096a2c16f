// SPDX-License-Identifier: EUPL-1.2
// terminal.json, see terminal_file.hpp.
#include "sync/downstream/terminal_file.hpp"

#include <array>
#include <optional>
#include <utility>

#include "drivers/base/limits.hpp"
#include "sync/model/json.hpp"

namespace downstream {

namespace {

constexpr std::size_t file_bytes_max = 16'384;
constexpr std::size_t origin_bytes_max = 512;
constexpr std::string_view schema_word = "freigabe-terminal-1";
constexpr std::array<std::pair<std::string_view, TerminalMode>, 3> modes{
    {{"live", TerminalMode::live},
     {"training", TerminalMode::training},
     {"demo", TerminalMode::demo}}};

std::optional<TerminalMode> mode_of(std::string_view word) {
    for (const auto& [name, mode] : modes) {
        if (name == word) return mode;
    }
    return std::nullopt;
}

std::string_view word_of(TerminalMode mode) {
    for (const auto& [name, each] : modes) {
        if (each == mode) return name;
    }
    return "live";
}

}  // namespace

base::Result<TerminalFile> parse_terminal_file(std::string_view text) {
    const auto bad = base::fail(base::Errc::config_bad, "terminal file");
    const auto json = model::parse_json(text, file_bytes_max);
    if (!json) return bad;
    model::JsonFields fields(*json);
    TerminalFile out;
    const std::string schema = fields.text("schema", 64);
    out.terminal = fields.uuid("terminal");
    out.site = fields.text("site", limits::site_bytes_max);
    out.backend = fields.text("backend", origin_bytes_max);
    const auto mode = mode_of(fields.text("mode", 16));
    const std::string drafts = fields.text("drafts", 16);
    out.time_floor_ms = fields.number("time_floor_ms", UINT64_MAX);
    if (!fields.ok() || schema != schema_word || !mode) return bad;
    if (drafts != "hide" && drafts != "show") return bad;
    out.mode = *mode;
    out.drafts_shown = drafts == "show";
    if (out.drafts_shown && out.mode == TerminalMode::live) return bad;
    return out;
}

std::string write_terminal_file(const TerminalFile& file) {
    return model::JsonWriter()
               .text("schema", schema_word)
               .text("terminal", base::to_text(file.terminal))
               .text("site", file.site)
               .text("backend", file.backend)
               .text("mode", word_of(file.mode))
               .text("drafts", file.drafts_shown ? "show" : "hide")
               .number("time_floor_ms", file.time_floor_ms)
               .done() +
           "\n";
}

}  // namespace downstream
