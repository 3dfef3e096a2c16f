// SPDX-License-Identifier: EUPL-1.2
// `freigabectl fleet`: the load of a whole state's terminals after a long outage, against a test
// backend. Needs the key of the test PKI's CA, so it cannot be turned against a real one.
//   fleet ids --terminals N            the terminals' ids, for `freigabe-backend invite
//   --terminals` fleet drain ...                    enrols them, sends their backlog, measures
//   withdrawals
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <string>

#include "drivers/crypto/random.hpp"
#include "kiosk/ctl/commands.hpp"
#include "kiosk/ctl/files.hpp"
#include "kiosk/ctl/fleet_run.hpp"
#include "kiosk/ctl/options.hpp"
#include "sync/model/json.hpp"

namespace ctl {
namespace {

using base::Errc;

constexpr std::uint64_t terminals_max = 100'000;

int usage() {
    std::fputs(
        "usage: freigabectl fleet ids --terminals N [--first N]\n"
        "       freigabectl fleet drain --url URL --pki DIR --codes FILE --terminals N\n"
        "         [--days 7] [--sessions 60] [--events 3] [--first N] [--workers 8]\n"
        "         [--withdrawal-ms 50] [--server-name NAME] [--json]\n"
        "  --terminals N   those that drain; four more only withdraw meanwhile\n"
        "  --first N       number of the first one, so that a second fleet is another one\n"
        "  --codes FILE    lines \"UUID CODE\" of freigabe-backend invite --terminals; - = they "
        "are\n"
        "                  enrolled already\n"
        "  --days, --sessions, --events   the backlog: days of an outage, sessions a day and "
        "events\n"
        "                  a session of each terminal\n"
        "  --withdrawal-ms pause between fresh withdrawals\n"
        "Sealed texts are real but shared by all records: run the backend with --role ingest.\n",
        stderr);
    return exit_usage;
}

std::optional<std::uint64_t> number(const Options& options, std::string_view name,
                                    std::uint64_t otherwise, std::uint64_t most) {
    const auto text = options.value(name);
    if (!text) return otherwise;
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
    if (error != std::errc{} || end != text->data() + text->size() || value > most)
        return std::nullopt;
    return value;
}

base::Result<std::map<base::Uuid, std::string>> read_codes(std::string_view path) {
    std::map<base::Uuid, std::string> out;
    if (path == "-") return out;
    TRY(content, read_file(path, 64U << 20U));
    for (const auto line : split(base::as_text(content), '\n')) {
        const auto blank = line.find(' ');
        const auto id = base::parse_uuid(line.substr(0, blank));
        if (!id || blank == std::string_view::npos)
            return base::fail(Errc::config_bad, "fleet codes");
        out.emplace(*id, line.substr(blank + 1));
    }
    return out;
}

std::optional<FleetPlan> plan_of(const Options& options) {
    FleetPlan plan;
    const auto origin = http::parse_origin(options.value("--url").value_or(""));
    const auto terminals = number(options, "--terminals", 0, terminals_max);
    const auto days = number(options, "--days", 7, 366);
    const auto sessions = number(options, "--sessions", 60, 10'000);
    const auto events = number(options, "--events", 3, 100);
    const auto first = number(options, "--first", 0, UINT32_MAX);
    const auto workers = number(options, "--workers", 8, 256);
    const auto gap = number(options, "--withdrawal-ms", 50, 60'000);
    if (!origin || !terminals || *terminals == 0 || !days || !sessions || !events || !first ||
        !workers || *workers == 0 || !gap)
        return std::nullopt;
    plan.origin = *origin;
    plan.server_name = options.value("--server-name").value_or("");
    plan.terminals = *terminals;
    plan.events = *days * *sessions * *events;
    plan.first = *first;
    plan.workers = *workers;
    plan.withdrawals_gap_ms = static_cast<std::uint32_t>(*gap);
    return plan;
}

double percentile(const std::vector<double>& sorted, double share) {
    if (sorted.empty()) return 0;
    const auto at =
        static_cast<std::size_t>(std::lround(share * static_cast<double>(sorted.size() - 1)));
    return sorted[std::min(at, sorted.size() - 1)];
}

std::string decimal(double value) {
    // Long enough for every double.
    std::array<char, 320> text{};
    const int size = std::snprintf(text.data(), text.size(), "%.3f", value);
    return {text.data(), static_cast<std::size_t>(size)};
}

void print(const FleetPlan& plan, const FleetResult& result, bool json) {
    const auto& late = result.withdrawals_ms;
    const double rate = static_cast<double>(result.events) / std::max(result.drain_s, 0.001);
    if (json) {
        std::printf("%s\n", model::JsonWriter()
                                .number("terminals", plan.terminals)
                                .number("events", result.events)
                                .number("batches", result.batches)
                                .number("bytes", result.bytes)
                                .raw("enrol_s", decimal(result.enrol_s))
                                .raw("drain_s", decimal(result.drain_s))
                                .raw("events_per_s", decimal(rate))
                                .number("connections", result.connections)
                                .number("resumed", result.resumed)
                                .number("waits", result.waits)
                                .number("repeats", result.repeats)
                                .number("withdrawals", late.size())
                                .raw("withdrawal_p50_ms", decimal(percentile(late, 0.5)))
                                .raw("withdrawal_p99_ms", decimal(percentile(late, 0.99)))
                                .raw("withdrawal_max_ms", decimal(percentile(late, 1)))
                                .number("log_grown", result.log_size_after - result.log_size_before)
                                .done()
                                .c_str());
        return;
    }
    const auto count = [](std::uint64_t value) { return static_cast<unsigned long long>(value); };
    std::printf("terminals    %llu, enrolled in %.1f s\n", count(plan.terminals), result.enrol_s);
    std::printf("backlog      %llu events in %llu batches, %.1f MB\n", count(result.events),
                count(result.batches), static_cast<double>(result.bytes) / 1e6);
    std::printf("drained in   %.1f s: %.0f events/s\n", result.drain_s, rate);
    std::printf(
        "connections  %llu, of these %llu resumed; %llu answers asked to wait, %llu did not come\n",
        count(result.connections), count(result.resumed), count(result.waits),
        count(result.repeats));
    std::printf("withdrawals  %zu meanwhile: median %.0f ms, 99 %% %.0f ms, longest %.0f ms\n",
                late.size(), percentile(late, 0.5), percentile(late, 0.99), percentile(late, 1));
    std::printf("log          grew by %llu\n",
                count(result.log_size_after - result.log_size_before));
}

/// Everything acknowledged stands in the log once, and nothing else does.
bool exact(const FleetResult& result) {
    return result.log_size_after - result.log_size_before ==
           result.events + result.withdrawals_ms.size();
}

base::Result<bool> drain(const Options& options, FleetPlan plan) {
    TRY(codes, read_codes(*options.value("--codes")));
    plan.codes = std::move(codes);
    crypto::SystemRandom random;
    TRY(common, make_fleet(std::string(*options.value("--pki")), random));
    TRY(result, run_fleet(plan, common));
    print(plan, result, options.has("--json"));
    if (!exact(result)) std::fputs("the log did not grow by what was acknowledged\n", stderr);
    return exact(result);
}

int ids(const Options& options) {
    const auto terminals = number(options, "--terminals", 0, terminals_max);
    const auto first = number(options, "--first", 0, UINT32_MAX);
    if (!terminals || *terminals == 0 || !first) return usage();
    for (std::uint64_t i = 0; i < *terminals + fleet_withdrawers; ++i)
        std::printf("%s\n", base::to_text(fleet_id(*first + i)).c_str());
    return exit_ok;
}

}  // namespace

int fleet(Arguments arguments) {
    const auto options = Options::parse(arguments, {{"--url", Takes::value},
                                                    {"--pki", Takes::value},
                                                    {"--codes", Takes::value},
                                                    {"--terminals", Takes::value},
                                                    {"--days", Takes::value},
                                                    {"--sessions", Takes::value},
                                                    {"--events", Takes::value},
                                                    {"--first", Takes::value},
                                                    {"--workers", Takes::value},
                                                    {"--withdrawal-ms", Takes::value},
                                                    {"--server-name", Takes::value},
                                                    {"--json", Takes::nothing},
                                                    {"--help", Takes::nothing}});
    if (!options || options->has("--help")) return usage();
    const auto& words = options->words();
    if (words.size() == 1 && words[0] == "ids") return ids(*options);
    if (words.size() != 1 || words[0] != "drain") return usage();
    if (!options->has("--pki") || !options->has("--codes")) return usage();
    const auto plan = plan_of(*options);
    if (!plan) return usage();
    const auto done = drain(*options, *plan);
    if (!done) {
        print_error(done.error());
        return exit_failed;
    }
    return *done ? exit_ok : exit_failed;
}

}  // namespace ctl
