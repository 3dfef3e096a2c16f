// SPDX-License-Identifier: EUPL-1.2
// Bounds of the USB courier: what is looked at on a stick that anybody may have prepared.
#pragma once

#include <cstddef>
#include <cstdint>

#include "drivers/base/limits.hpp"

namespace limits {

// Bodies of one export. A batch holds 50 records, so 400 are 20,000 records: 110 a day for half a
// year. What is beyond goes onto the next stick.
inline constexpr std::size_t courier_bodies_max = 400;
// Events that one stick brings back, in pages of 100: years of one terminal.
inline constexpr std::size_t courier_event_pages_max = 100;
// Files of one terminal and direction: an answer to each body, the events, how the log has grown.
inline constexpr std::size_t courier_files_max = 512;
static_assert(courier_files_max >= courier_bodies_max + courier_event_pages_max + 1);
// One file is a body or an answer as HTTPS would carry it.
inline constexpr std::size_t courier_file_bytes_max = http_body_bytes_max;
// A manifest: a head of at most 1,024 characters, and 160 for each file (name 30, size 7, digest
// 54, member names 30: 121). Signed it is base64url, 4/3 as long, with 512 for header and
// signature.
inline constexpr std::size_t courier_manifest_bytes_max = 2'048 + courier_files_max * 160;
inline constexpr std::size_t courier_manifest_jws_bytes_max =
    courier_manifest_bytes_max * 4 / 3 + 512;
static_assert(courier_manifest_jws_bytes_max < jws_bytes_max);
// Names in one folder of a stick, ours and others: twice what we write, half-written ones among
// them, and some of the stick's owner. More is not a stick of ours.
inline constexpr std::size_t courier_entries_max = 4'096;
static_assert(courier_entries_max > 2 * (courier_files_max + 1));
// Ours are at most 36 characters long (a terminal's id).
inline constexpr std::size_t courier_name_bytes_max = 64;
// freigabe/out/<terminal>/<file>.
inline constexpr std::size_t courier_depth_max = 4;
// Terminals on one stick that ingest goes through: a round trip through the sites of a district.
inline constexpr std::size_t courier_terminals_max = 256;

// Two people agree to an export: their request lives for an hour, which is time to find the stick.
inline constexpr std::uint64_t courier_request_ms_max = 3'600'000;
inline constexpr std::size_t courier_request_bytes_max = 16'384;
// Requests that were used and may not be used again; older ones have expired long ago.
inline constexpr std::size_t courier_requests_remembered = 256;
inline constexpr std::size_t courier_approvers_max = 64;
inline constexpr std::size_t courier_person_bytes_max = 64;

}  // namespace limits
