// SPDX-License-Identifier: EUPL-1.2
// What a terminal appends and the backend takes in: a header that is chained and signed, scopes
// that tell which acts touch each other and name nobody, and the sealed declaration. Fixed binary
// layouts, big-endian, one encoding per value. Hashing them is sync/seal's business. Pure, any
// thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sync/model/declaration.hpp"

namespace model {

/// Position of a record: unique for ever, and the key that makes delivery exactly once (I4).
struct RecordKey {
    base::Uuid terminal;
    std::uint32_t epoch = 1;
    std::uint64_t seq = 0;  ///< 1.. within the epoch
    friend auto operator<=>(const RecordKey&, const RecordKey&) = default;
};

enum class Kind : std::uint8_t {
    grant = 1,
    withdrawal = 2,
    objection = 3,
    objection_withdrawn = 4,
    decision = 5,
    provisional_withdrawal = 6,
    notice = 7
};
/// The kind that the header of this (valid) declaration bears.
[[nodiscard]] Kind kind_of(const Declaration& declaration);
/// Withdrawals and objections: they win, travel first and are never refused.
[[nodiscard]] bool is_protective(Kind kind);
[[nodiscard]] std::string_view word(Kind kind);

/// Layout (151 bytes), byte offsets:
///     0 version = 1      1 terminal (16)     17 epoch (4)       21 seq (8)        29 prev (32)
///    61 SHA-256 of jwe (32)                  93 SHA-256 of scopes (32)           125 kind (1)
///   126 observed (8)  134 wall_ms (8)       142 floor_ms (8)  150 time quality (1)
struct Header {
    RecordKey key;
    Digest prev{};
    Digest jwe_sha256{};
    Digest scopes_sha256{};
    Kind kind = Kind::grant;
    std::uint64_t observed = 0;  ///< an observed_claim: what was verified when it was recorded
    Time time;
    friend bool operator==(const Header&, const Header&) = default;
};
/// What a terminal had verified of the backend's log, in one number that never falls: bits 0..47
/// the size, bits 48..62 which log it was, less 1. A log that was begun anew out of a backup is the
/// next one (sync/README.md), so what was seen of the one before counts for less than anything seen
/// of it. generation 1..log_generation_max, size up to log_size_max.
inline constexpr std::uint32_t log_generation_max = 0x7FFF;
inline constexpr std::uint64_t log_size_max = (std::uint64_t{1} << 48U) - 1;
[[nodiscard]] constexpr std::uint64_t observed_claim(std::uint32_t generation, std::uint64_t size) {
    return (std::uint64_t{generation - 1} << 48U) | size;
}
[[nodiscard]] constexpr std::uint32_t generation_of(std::uint64_t observed) {
    return static_cast<std::uint32_t>(observed >> 48U) + 1;
}
[[nodiscard]] constexpr std::uint64_t log_size_of(std::uint64_t observed) {
    return observed & log_size_max;
}
inline constexpr std::size_t header_bytes = 151;
[[nodiscard]] base::Bytes encode(const Header& header);
/// errors  record_bad: length, version, kind, quality, epoch 0 or seq 0, a time after the year
/// 9999.
base::Result<Header> parse_header(base::ByteView bytes);

/// One recipient of a grant, under the two selectors that can reach it.
struct ScopePart {
    Digest tag_sr{};  ///< subject + recipient
    Digest tag_er{};  ///< subject + entry + recipient
    friend bool operator==(const ScopePart&, const ScopePart&) = default;
};
enum class TargetKind : std::uint8_t {
    declaration = 1,
    subject = 2,
    recipient = 3,
    entry_recipient = 4
};
struct ScopeTarget {
    TargetKind kind = TargetKind::declaration;
    Digest value{};  ///< the tag; for a declaration its id and 16 zero bytes
    friend bool operator==(const ScopeTarget&, const ScopeTarget&) = default;
};

/// Layout: version = 1 | declaration id 16 | tag_s 32 | n (1) | n x (tag_sr 32 | tag_er 32)
///         | m (1) | m x (kind 1 | value 32) | slip hash 32
struct Scopes {
    base::Uuid declaration;
    Digest tag_s{};  ///< zero: the act knows no subject (take-back code)
    std::vector<ScopePart> parts;
    std::vector<ScopeTarget> targets;
    Digest slip_hash{};  ///< zero: no slip
    friend bool operator==(const Scopes&, const Scopes&) = default;
};
/// CHECKs the bounds limits::recipients_max and limits::targets_max.
[[nodiscard]] base::Bytes encode(const Scopes& scopes);
/// errors  record_bad: lengths, version, bounds, target kind, bytes behind a declaration id.
base::Result<Scopes> parse_scopes(base::ByteView bytes);
/// The target value for a declaration id.
[[nodiscard]] Digest declaration_value(const base::Uuid& id);

/// The exact bytes of one record, as they are stored and travel.
struct Record {
    base::Bytes header;
    base::Bytes scopes;
    std::string jwe;
    friend bool operator==(const Record&, const Record&) = default;
};

}  // namespace model
