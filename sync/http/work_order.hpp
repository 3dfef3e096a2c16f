// SPDX-License-Identifier: EUPL-1.2
// Whose long work the server goes on with (server.hpp, Work): one answer at a time from its first
// step to its last, and certificates in turn, so that however many one of them asks for, another
// waits for one. Apart from the loop so that the order can be tested without sockets. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace http {

/// An answer in work.
struct AtWork {
    std::string who;             ///< whose certificate asked; empty = none
    bool begun = false;          ///< its first step has been done
    std::uint64_t taken_ms = 0;  ///< when the request came
};

/// The place of the one whose next step is due: one that has begun, or else the oldest request of
/// the certificate behind `last`, whose answer was worked at last, in the order of their names.
/// waiting  not empty (CHECKed). cost: one look at each.
[[nodiscard]] std::size_t next_at_work(std::span<const AtWork> waiting, std::string_view last);

}  // namespace http
