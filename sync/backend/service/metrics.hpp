// SPDX-License-Identifier: EUPL-1.2
// What an operator watches, as OpenMetrics text: counters of this process and gauges of the
// database. Numbers per route, status and site (a place, not a person); none per authority,
// terminal or person. Counted on the server's thread. Norm: OpenMetrics 1.0.0. The page
// sync/backend/operations.md says what each alarm means; ops/ has the dashboard and the rules.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "sync/backend/service/background.hpp"
#include "sync/backend/store/store.hpp"
#include "sync/http/message.hpp"

namespace backend {

/// Counts under upper bounds, as a Prometheus histogram.
template <std::size_t N>
struct Histogram {
    std::array<std::uint64_t, N + 1> counts{};  ///< by bucket, not cumulative; last = above all
    std::uint64_t sum_ms = 0;
    void observe(const std::array<std::uint64_t, N>& bounds_ms, std::uint64_t value_ms) {
        std::size_t at = 0;
        while (at < N && value_ms > bounds_ms[at]) ++at;
        ++counts[at];
        sum_ms += value_ms;
    }
};

/// Time to answer a request. The clock ticks in milliseconds.
inline constexpr std::array<std::uint64_t, 9> duration_bounds_ms{5,   10,    25,    50,   100,
                                                                 250, 1'000, 2'500, 5'000};
/// From recorded at the terminal (by its own clock) to stored here: a second online, days offline.
inline constexpr std::array<std::uint64_t, 8> delay_bounds_ms{
    1'000, 2'000, 10'000, 60'000, 600'000, 3'600'000, 86'400'000, 7 * 86'400'000ULL};

struct Counters {
    std::uint64_t requests = 0;
    std::uint64_t refusals = 0;  ///< answers of 400 and above
    std::uint64_t records = 0;   ///< newly stored
    std::uint64_t repeats = 0;   ///< batches that brought nothing new
    std::uint64_t gaps = 0;
    std::uint64_t forks = 0;
    std::uint64_t unusable = 0;  ///< records whose scopes contradict themselves
    std::uint64_t receipts = 0;
    std::uint64_t revoked = 0;        ///< deliveries of terminals out of service
    std::uint64_t clock_behind = 0;   ///< deliveries whose clock stood before signed backend time
    std::uint64_t log_conflicts = 0;  ///< a terminal had verified another or a larger log than ours
    std::map<unsigned, std::uint64_t> statuses;
    /// By word. Those that an alarm looks at stand from the beginning: from a series that begins
    /// with its first failure nobody can tell an increase.
    std::map<std::string, std::uint64_t, std::less<>> problems{
        {"busy", 0}, {"internal", 0}, {"storage-full", 0}};
    std::map<std::string_view, Histogram<duration_bounds_ms.size()>> durations;  ///< by route
    Histogram<delay_bounds_ms.size()> chain_delay;    ///< oldest new record of each batch
    Histogram<delay_bounds_ms.size()> advance_delay;  ///< each new advance copy
    /// Since when somebody has been waiting, as far as this process has looked; boot clock.
    std::optional<std::uint64_t> log_queue_since_ms;
    std::optional<std::uint64_t> view_queue_since_ms;

    Background background;

    /// One answered request. pattern: of its route, static; empty = none.
    void answered(const http::Response& response, std::string_view pattern,
                  std::uint64_t duration_ms);
};

struct MetricsMoment {
    std::uint64_t wall_ms = 0;
    std::uint64_t boot_ms = 0;
    std::uint64_t started_ms = 0;  ///< wall clock at start
    std::string folder;            ///< where the database stands; empty = on another machine
};
/// errors  those of the store.
base::Result<std::string> metrics_text(Store& store, Counters& counters,
                                       const MetricsMoment& moment);

}  // namespace backend
