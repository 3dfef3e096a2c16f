// SPDX-License-Identifier: EUPL-1.2
// Bounds of the signed downstream (sync/downstream), each with unit, origin and arithmetic. Apart
// from limits.hpp, which every file includes.
#pragma once

#include <cstddef>
#include <cstdint>

namespace limits {

// A root names at most 8 keys a role (JWK of 130 bytes) and bears at most 8 signatures of 300
// bytes: below 5 kB.
inline constexpr std::size_t root_file_bytes_max = 16'384;
inline constexpr std::size_t role_keys_max = 8;
// Nobody alone: two keys at least, for either role.
inline constexpr std::size_t role_threshold_min = 2;
// A terminal that was in a drawer for ten years with a rotation every month has 120 roots to walk.
// So many are taken in one go, the rest in the next: an endless chain ends nowhere.
inline constexpr std::size_t roots_per_round_max = 128;
// A target with one delta takes 400 bytes of JSON; 512 of them in base64url are 273 kB. A fleet's
// certificates come as one bundle and not as a target for each terminal.
inline constexpr std::size_t manifest_targets_max = 512;
inline constexpr std::size_t manifest_file_bytes_max = 320U << 10U;
static_assert(manifest_targets_max * 400 * 4 / 3 + 8 * 400 <= manifest_file_bytes_max);
inline constexpr std::size_t target_name_bytes_max = 64;
inline constexpr std::size_t target_deltas_max = 8;
// Now, and what comes at up to three later dates.
inline constexpr std::size_t target_dates_max = 4;
// Lengths of a target's file, bytes. Catalogue: one signed message (limits::jws_bytes_max).
inline constexpr std::uint64_t catalogue_target_bytes_max = 1U << 20U;
// 2,400 terminals with certificates of 400 bytes come to 1 MB, doubled.
inline constexpr std::uint64_t certificates_target_bytes_max = 2U << 20U;
// A certificate has 200 bytes at least (P-256): 2 MB hold 10,000.
inline constexpr std::size_t bundle_certificates_max = 10'000;
// A national master list has some 600 certificates of 1.5 kB.
inline constexpr std::uint64_t csca_target_bytes_max = 2U << 20U;
// eid::block_list_entries_max of 16 bytes, head and digest.
inline constexpr std::uint64_t block_list_target_bytes_max = 56 + 4'000'000ULL * 16 + 32;
inline constexpr std::uint64_t configuration_target_bytes_max = 64U << 10U;
// A name of 255 bytes and role_keys_max keys of 130 bytes.
inline constexpr std::uint64_t log_target_bytes_max = 4'096;
// The present, the next, and those before it for ten years, a new one every year.
inline constexpr std::size_t backend_keys_max = 12;
// backend_keys_max + 1 keys of 220 bytes with a name.
inline constexpr std::uint64_t backend_target_bytes_max = 8'192;
// All files of one manifest: two block lists (now and later) and twice all the rest.
inline constexpr std::uint64_t downstream_bytes_max = 160U << 20U;
static_assert(downstream_bytes_max > 2 * (block_list_target_bytes_max + catalogue_target_bytes_max +
                                          certificates_target_bytes_max + csca_target_bytes_max));
// A piece of a file on its way: 10 ms of a slow flash, and 64 of them are the list of a million.
inline constexpr std::size_t downstream_piece_bytes_max = 256U << 10U;
// What syncd fetches before the record lanes have their turn again: 8 s on a line of 1 Mbit/s.
inline constexpr std::size_t downstream_slice_pieces_max = 4;
// What a download leaves free on the disk, so that it never takes the journal's room: thousands of
// records.
inline constexpr std::uint64_t downstream_free_bytes_min = 64U << 20U;
// One answer of the kiosk names so many missing files; syncd asks again.
inline constexpr std::size_t downstream_wanted_max = 16;
// A manifest is looked for this often, and after a start.
inline constexpr std::uint32_t downstream_round_ms = 3'600'000;
// One answer of the backend: larger files are asked for in ranges.
inline constexpr std::uint64_t downstream_answer_bytes_max = 4U << 20U;
static_assert(downstream_answer_bytes_max >= downstream_piece_bytes_max);

}  // namespace limits
