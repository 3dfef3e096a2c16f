// SPDX-License-Identifier: EUPL-1.2
// Drains a fleet's backlog against a running backend over real TLS, on a few threads, while one
// more sends fresh withdrawals and measures how long each takes from written to acknowledged.
// Answers 429 and 503 are waited out as they say. Blocks until done.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "drivers/base/result.hpp"
#include "kiosk/ctl/fleet_terminal.hpp"
#include "sync/http/client.hpp"

namespace ctl {

struct FleetPlan {
    std::uint64_t terminals = 10;
    std::uint64_t events = 0;  ///< of each terminal
    std::size_t workers = 8;
    std::uint64_t first = 0;  ///< number of the first terminal
    std::uint32_t withdrawals_gap_ms = 50;
    http::Origin origin;
    std::string server_name;
    std::map<base::Uuid, std::string> codes;  ///< invitations; empty = enrolled already
};

/// Terminals that only withdraw, beside those that drain; numbered behind them.
inline constexpr std::uint64_t fleet_withdrawers = 4;

struct FleetResult {
    double enrol_s = 0;
    double drain_s = 0;
    std::uint64_t events = 0;  ///< acknowledged
    std::uint64_t batches = 0;
    std::uint64_t bytes = 0;    ///< bodies sent
    std::uint64_t waits = 0;    ///< answers that asked to wait
    std::uint64_t repeats = 0;  ///< requests without an answer, sent again
    std::uint64_t connections = 0;
    std::uint64_t resumed = 0;           ///< of these, TLS sessions resumed
    std::vector<double> withdrawals_ms;  ///< sorted; written to acknowledged
    std::uint64_t log_size_before = 0;
    std::uint64_t log_size_after = 0;
};

/// errors  those of the client; http_status (an answer that is no waiting: detail = status).
base::Result<FleetResult> run_fleet(const FleetPlan& plan, const FleetCommon& common);

}  // namespace ctl
