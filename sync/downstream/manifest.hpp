// SPDX-License-Identifier: EUPL-1.2
// The manifest: everything that comes down to a terminal, as one signed list. Since the list is
// one, nobody can mix an old file with a new one; since its version rises, nobody can bring an old
// list back; since it expires, nobody can hold a new one off unseen. A file may be in force later
// than its list: `valid_from_ms`, so a law's first day needs no network. Pure, any thread. Form of
// the payload (names in <> are 64 lower-case hex digits):
// {"schema":"freigabe-manifest-1","version":n,"issued_ms":n,"expires_ms":n,"targets":[
//   {"kind":word,"name":text,"length":n,"sha256":<file>,"valid_from_ms":n?,"terminal":uuid?,
//    "deltas":[{"from":<old file>,"length":n,"sha256":<delta>}...]?}...]}
// A kind that this program does not know is passed over: fleets are never all of one age.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/base/result.hpp"
#include "drivers/base/uuid.hpp"
#include "drivers/crypto/digest.hpp"
#include "sync/downstream/root.hpp"

namespace downstream {

enum class Kind : std::uint8_t {
    catalogue,      ///< catalogue.jws, signed by two roles of its own besides
    certificates,   ///< CV certificates, DER one behind the other: links, DV, terminals
    csca,           ///< X.509, DER one behind the other: who vouches for chips
    block_list,     ///< drivers/eid/block_list.hpp; may come as a delta
    configuration,  ///< ages and times that law or place decide
    log,            ///< the backend's log that counts: log_file.hpp
    backend,        ///< to whom records are sealed, whose receipts count: backend_file.hpp
};
[[nodiscard]] std::string_view word_of(Kind kind);
[[nodiscard]] std::optional<Kind> kind_of(std::string_view word);
/// Of several files of such a kind one is in force; of the others each name is a place of its own.
[[nodiscard]] bool is_single(Kind kind);
/// Bytes of its largest file.
[[nodiscard]] std::uint64_t length_max(Kind kind);

/// Makes the target's file out of one that a terminal may have (delta.hpp).
struct DeltaTarget {
    crypto::Sha256Digest from{};
    std::uint64_t length = 0;
    crypto::Sha256Digest digest{};
};

struct Target {
    Kind kind{};
    std::string name;  ///< 1..64 of a-z 0-9 . _ -, for people; files are found by their digest
    std::uint64_t length = 0;
    crypto::Sha256Digest digest{};
    std::uint64_t valid_from_ms = 0;     ///< 0 = in force with its manifest
    std::optional<base::Uuid> terminal;  ///< for this one only, before those for all
    std::vector<DeltaTarget> deltas;     ///< block_list only
};

struct Manifest {
    std::uint64_t version = 0;
    std::uint64_t issued_ms = 0;  ///< said, to show an age; decides nothing
    std::uint64_t expires_ms = 0;
    std::vector<Target> targets;
};

/// The payload. Every place (kind and name; of a single kind the kind) has exactly one file without
/// a date, so that none is empty until one comes, and no date twice.
/// errors  manifest_bad.
base::Result<Manifest> parse_manifest(base::ByteView payload);
[[nodiscard]] std::string write_manifest(const Manifest& manifest);

/// What a terminal has seen last; strictly rising from there.
struct ManifestSeen {
    std::uint64_t version = 0;  ///< 0 = none yet
    crypto::Sha256Digest payload_digest{};
};
/// Verifies a manifest under a root.
/// floor_ms  time floor, never the wall clock: root and manifest must not have expired.
/// errors  manifest_bad, manifest_untrusted, manifest_rollback (a lower version than seen, or the
///         same with other bytes), manifest_expired (also: the root has expired).
base::Result<Manifest> verify_manifest(std::string_view file, const Root& root,
                                       const ManifestSeen& seen, std::uint64_t floor_ms);

/// Every file this terminal needs, now and later: those for it and those for all.
[[nodiscard]] std::vector<Target> targets_for(const Manifest& manifest, const base::Uuid& terminal);
/// What is in force at a moment: of each place the file with the latest date that has come, one for
/// this terminal before one for all. Sorted by kind and name.
[[nodiscard]] std::vector<Target> in_force(const Manifest& manifest, const base::Uuid& terminal,
                                           std::uint64_t floor_ms);
/// The next date at which in_force changes; nothing if none is to come.
[[nodiscard]] std::optional<std::uint64_t> next_change_ms(const Manifest& manifest,
                                                          std::uint64_t floor_ms);

}  // namespace downstream
