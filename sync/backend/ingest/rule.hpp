// SPDX-License-Identifier: EUPL-1.2
// The protective act wins, without clocks: what one act does to one part of one declaration. Apart
// from everything else because it is the promise of the product: a pure function of two events and
// their indices, so the state is a function of the set of events and never of their order (I10).
// Any thread. Norm: architecture.md 4, sync.md "Chain and backend".
//
//   grant part g, protective act r on its scope:  g survives r  iff  r lies before g on the same
//   chain,
//                                                                or  r.log_index < g.observed
//   objection o, its withdrawal w:                w ends o      iff  o lies before w on the same
//   chain,
//                                                                or  o.log_index < w.observed
//   r names the id of g:                          r ends g, always: naming it proves that g came
//   first
//
//   Example. Terminal A verified log size 40 and records grant g (observed = 40). A withdrawal at
//   terminal B got index 39: A knew it, so g is a new decision and lives. One that got index 40 or
//   more was unknown to A: g is dead.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "sync/model/record.hpp"

namespace backend {

/// A declaration id padded with zeros, or an HMAC tag: what a target names.
using Tag = model::Digest;
[[nodiscard]] bool is_zero(const Tag& tag);

using RecordKind = model::Kind;
using TargetKind = model::TargetKind;
/// Where an event stands in its terminal's chain.
using Place = model::RecordKey;

/// How the epochs of one terminal hang together: epoch -> the place of the earlier epoch that it
/// continues. An epoch without an entry continues nothing.
struct EpochBase {
    std::uint32_t epoch = 0;
    std::uint32_t base_epoch = 0;
    std::uint64_t base_seq = 0;
};
using Lineage = std::vector<EpochBase>;

/// True if `first` lies before `second` on the same chain of the same terminal.
[[nodiscard]] bool before_on_chain(const Place& first, const Place& second, const Lineage& lineage);

/// One recipient's share of a grant, decision or objection.
struct Part {
    Place place;
    RecordKind kind = RecordKind::grant;  ///< grant, decision or objection
    Tag declaration{};
    Tag tag_s{};
    Tag tag_sr{};
    Tag tag_er{};
    Tag slip_hash{};
    std::uint64_t observed = 0;
    std::optional<std::uint64_t>
        log_index;  ///< nothing = not yet in the log, so larger than any size signed so far
    /// As for acts. Only an objection can be a part and stand on no chain.
    bool on_chain = true;
};

/// One target of a protective act or of an objection's withdrawal.
struct Act {
    Place place;
    RecordKind kind = RecordKind::withdrawal;
    TargetKind target_kind = TargetKind::declaration;
    Tag target{};
    Tag tag_s{};      ///< zero = receipt only: knows no subject
    Tag slip_hash{};  ///< proof of a receipt-only withdrawal
    std::uint64_t observed = 0;
    std::optional<std::uint64_t>
        log_index;  ///< the lowest, if an advance copy and its chain entry have one each
    /// A quarantined record is on no chain: only the log can put it before a grant.
    bool on_chain = true;
};

/// What becomes of a part. Ordered: the strongest effect of all acts is the state.
enum class Effect : std::uint8_t { none = 0, suspends = 1, ends = 2 };

/// The effect of one act on one part. `lineage` belongs to the terminal of both, if they have the
/// same.
[[nodiscard]] Effect effect_of(const Act& act, const Part& part, const Lineage& lineage);

/// The same for an act that stands at several places: a machine that came out of a backup, and its
/// copy, chain anew what they could not deliver. It is one event, so its lowest index counts, and a
/// grant that it precedes at one of its places survives it at all of them.
[[nodiscard]] Effect effect_of(std::span<const Act> places, const Part& part,
                               const Lineage& lineage);

}  // namespace backend
