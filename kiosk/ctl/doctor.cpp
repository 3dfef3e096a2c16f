// SPDX-License-Identifier: EUPL-1.2
// `freigabectl doctor`: tells a technician what this machine has, what is missing and what to do
// about it, one line each. Without --state it looks at the machine only.
#include "kiosk/ctl/doctor.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

#include "drivers/base/encoding.hpp"
#include "drivers/os/system_clock.hpp"
#include "kiosk/ctl/commands.hpp"
#include "kiosk/ctl/files.hpp"
#include "kiosk/ctl/options.hpp"
#include "sync/model/json.hpp"
#include "sync/model/times.hpp"

namespace ctl {
namespace {

constexpr std::uint64_t day_ms = 86'400'000;

constexpr const char* help_text =
    "usage: freigabectl doctor [--state DIR [--config FILE]] [--fonts DIR] [--locales DIR]\n"
    "         [--offline] [--json]\n"
    "  --state DIR   a terminal's folder; without it only the machine is looked at\n"
    "  --config FILE kiosk.json (default: in the state folder)\n"
    "  --offline     do not ask the backend\n"
    "prints  ok|warn|bad  what  -> remedy;  exit code 0: nothing bad, 1: something is, 2: usage\n";

const char* word(Verdict verdict) {
    switch (verdict) {
        case Verdict::ok:
            return "ok";
        case Verdict::warn:
            return "warn";
        case Verdict::bad:
            return "bad";
    }
    return "bad";
}

void print_text(const Findings& findings) {
    for (const Finding& each : findings.all()) {
        std::printf("%-4s  %s", word(each.verdict), each.what.c_str());
        if (!each.remedy.empty()) std::printf("\n      -> %s", each.remedy.c_str());
        std::printf("\n");
    }
    const auto count = [&](Verdict verdict) {
        return std::ranges::count(findings.all(), verdict, &Finding::verdict);
    };
    std::printf("%td looks: %td ok, %td warn, %td bad\n", std::ssize(findings.all()),
                count(Verdict::ok), count(Verdict::warn), count(Verdict::bad));
}

void print_json(const Findings& findings) {
    std::vector<std::string> lines;
    for (const Finding& each : findings.all()) {
        lines.push_back(model::JsonWriter()
                            .text("verdict", word(each.verdict))
                            .text("check", each.check)
                            .text("what", each.what)
                            .text("remedy", each.remedy)
                            .done());
    }
    const std::string out = model::JsonWriter()
                                .boolean("ok", !findings.any_bad())
                                .raw("findings", model::json_array(lines))
                                .done();
    std::printf("%s\n", out.c_str());
}

DoctorPlace place_of(const Options& options) {
    std::error_code ignored;  // without /proc the default does not exist, and the look says so
    const auto program = std::filesystem::read_symlink("/proc/self/exe", ignored);
    DoctorPlace place;
    place.state = options.value("--state").value_or("");
    place.config = options.value("--config").value_or("");
    if (place.config.empty() && !place.state.empty()) place.config = place.state / "kiosk.json";
    place.fonts = options.value("--fonts").value_or("/usr/share/fonts/truetype/noto");
    place.locales = options.value("--locales").value_or("");
    if (place.locales.empty()) place.locales = program.parent_path() / "../share/locales";
    place.offline = options.has("--offline");
    return place;
}

}  // namespace

void Findings::ok(std::string_view check, std::string what) {
    all_.push_back({Verdict::ok, std::string(check), std::move(what), {}});
}
void Findings::warn(std::string_view check, std::string what, std::string remedy) {
    all_.push_back({Verdict::warn, std::string(check), std::move(what), std::move(remedy)});
}
void Findings::bad(std::string_view check, std::string what, std::string remedy) {
    all_.push_back({Verdict::bad, std::string(check), std::move(what), std::move(remedy)});
}
bool Findings::any_bad() const {
    return std::ranges::find(all_, Verdict::bad, &Finding::verdict) != all_.end();
}

std::string text_of(const base::Error& error) {
    std::array<char, 32> detail{};
    const int size = std::snprintf(detail.data(), detail.size(), " (0x%X)", error.detail);
    return std::string(base::name(error.code)) + " at " + error.where +
           std::string(detail.data(), error.detail == 0 ? 0 : static_cast<std::size_t>(size));
}

std::string day_text(std::uint64_t unix_ms) {
    return model::to_text(model::day_of(std::min(unix_ms, model::unix_ms_max)));
}

base::Result<base::Bytes> der_of(base::ByteView content) {
    constexpr std::string_view begin = "-----BEGIN CERTIFICATE-----";
    const std::string_view text = base::as_text(content);
    const std::size_t at = text.find(begin);
    if (at == std::string_view::npos) return base::Bytes(content.begin(), content.end());
    std::string code;
    for (const char each : text.substr(at + begin.size())) {
        if (each == '-' || each == '=') break;
        if (each == '\n' || each == '\r') continue;
        code.push_back(each == '+' ? '-' : each == '/' ? '_' : each);
    }
    auto der = base::from_base64url(code);
    if (!der) return base::fail(base::Errc::certificate_bad, "PEM");
    return std::move(*der);
}

void judge_validity(Findings& out, std::string_view check, const std::string& name,
                    const Validity& validity, std::uint64_t now_ms) {
    const std::string span =
        name + ", " + day_text(validity.from_ms) + " to " + day_text(validity.until_ms - 1);
    if (now_ms < validity.from_ms) {
        out.bad(check, span + ": not valid yet", "look at this machine's clock: date -u");
    } else if (now_ms >= validity.until_ms) {
        out.bad(check, span + ": expired", "bring a new one onto this terminal");
    } else if (const auto days = (validity.until_ms - now_ms) / day_ms; days < validity.warn_days) {
        out.warn(check, span + ": " + std::to_string(days) + " days left",
                 "renew it before that day");
    } else {
        out.ok(check, span + ": " + std::to_string(days) + " days left");
    }
}

int doctor(Arguments arguments) {
    const auto options = Options::parse(arguments, {{"--help"},
                                                    {"--json"},
                                                    {"--offline"},
                                                    {"--state", Takes::value},
                                                    {"--config", Takes::value},
                                                    {"--fonts", Takes::value},
                                                    {"--locales", Takes::value}});
    if (!options || !options->words().empty() || options->has("--help")) {
        std::fputs(help_text, stderr);
        return options && options->has("--help") ? exit_ok : exit_usage;
    }
    const DoctorPlace place = place_of(*options);
    Findings findings;
    look_at_machine(findings, place);
    look_at_readers(findings, place);
    if (place.state.empty()) {
        findings.ok("terminal", "terminal: not looked at (give --state DIR)");
    } else {
        const os::SystemClock clock;
        look_at_state(findings, place);
        look_at_certificates(findings, place, std::max(clock.wall_ms(), known_floor_ms(place)));
        look_at_devices(findings, place);
        look_at_line(findings, place);
    }
    options->has("--json") ? print_json(findings) : print_text(findings);
    return findings.any_bad() ? exit_failed : exit_ok;
}

}  // namespace ctl
