// SPDX-License-Identifier: EUPL-1.2
// What was told is there, once, and unbroken; and what a terminal holds a receipt for is there too.
#include <algorithm>
#include <map>
#include <set>

#include "drivers/base/check.hpp"
#include "drivers/crypto/digest.hpp"
#include "sync/backend/store/columns.hpp"
#include "tests/sim/judge.hpp"

namespace sim {
namespace {

using backend::Statement;

constexpr Statement all_records{
    "SELECT terminal, epoch, seq, leaf, header, scopes, jwe FROM record"
    " ORDER BY terminal, epoch, seq"};
constexpr Statement all_forks{"SELECT terminal, epoch, seq, leaf, scopes FROM quarantine"};
constexpr Statement all_copies{"SELECT terminal, epoch, seq, leaf, scopes FROM advance"};
constexpr Statement given_twice{
    "SELECT declaration FROM part GROUP BY terminal, declaration"
    " HAVING COUNT(DISTINCT leaf) > 1"};
constexpr Statement doubled_entries{
    "SELECT COUNT(*) FROM (SELECT leaf FROM log_entry GROUP BY leaf HAVING COUNT(*) > 1) AS d"};

std::string name(const Told& told) {
    return base::to_text(told.declaration) + " of device " + std::to_string(told.device) + " (" +
           std::to_string(told.key.epoch) + "/" + std::to_string(told.key.seq) + ", " +
           std::string(model::word(told.kind)) + ")";
}

/// Nobody's, if the scopes have gone: a machine had to repeat what it had let go of.
base::Uuid declaration_in(const base::Bytes& scopes) {
    if (scopes.empty()) return base::Uuid();
    const auto parsed = model::parse_scopes(scopes);
    CHECK(parsed.has_value());
    return parsed->declaration;
}

/// Where the backend has the declarations, by their ids.
struct Whereabouts {
    std::map<base::Uuid, std::size_t> chained;
    std::set<base::Uuid> forked;
    std::set<base::Uuid> copied;
    std::map<model::RecordKey, model::Digest> leaves;
    /// Repeated by a machine that had let go of the content: so many, by terminal. Which one each
    /// was they do not say.
    std::map<base::Uuid, std::size_t> bare;
    std::map<base::Uuid, std::uint32_t> newest_epoch;  ///< by terminal

    explicit Whereabouts(Cluster& cluster) {
        for (const auto& row : cluster.ask(all_records, {})) {
            ++chained[declaration_in(row.bytes(5))];
            const model::RecordKey key{backend::uuid_of(row.bytes(0)),
                                       static_cast<std::uint32_t>(row.count(1)), row.count(2)};
            leaves.emplace(key, backend::array_of<32>(row.bytes(3)));
            if (row.bytes(5).empty()) ++bare[key.terminal];
            newest_epoch[key.terminal] = std::max(newest_epoch[key.terminal], key.epoch);
        }
        for (const auto& row : cluster.ask(all_forks, {})) {
            forked.insert(declaration_in(row.bytes(4)));
        }
        for (const auto& row : cluster.ask(all_copies, {})) {
            copied.insert(declaration_in(row.bytes(4)));
        }
    }
};

/// True if this machine or one whose disk it copied is among them.
bool line_has(const Ledger& ledger, const std::set<std::size_t>& machines, std::size_t device) {
    for (;;) {
        if (machines.contains(device)) return true;
        const auto ancestor = ledger.ancestors.find(device);
        if (ancestor == ledger.ancestors.end()) return false;
        device = ancestor->second.device;
    }
}

/// A machine whose records are refused for good: it has found out, for the second time, that
/// another one writes under its identity; or there is a machine of its name with another, and then
/// either may be in the way of the other, until the operator ends it. Any other machine goes on in
/// an epoch of its own.
bool may_be_stuck(World& world, Device& device) {
    const auto now = device.status();
    if (now && now->identity_cloned) return true;
    return std::ranges::any_of(world.devices(), [&](const auto& other) {
        return (other->number() > device.number() || !other->retired) &&
               other->about().identity.terminal == device.about().identity.terminal &&
               other->about().identity.key.point.bytes != device.about().identity.key.point.bytes;
    });
}

/// True if its machine has it still, and may not give it: a backup took it back, and it is found
/// out as one of two. What protects goes ahead all the same; the rest when its new key comes.
bool waits_for_key(World& world, const Told& told) {
    const Device& device = *world.devices().at(told.device);
    if (!world.context().next_log || device.retired || model::is_protective(told.kind))
        return false;
    const auto now = world.devices().at(told.device)->status();
    return now && now->identity_cloned;
}

/// True if a copy of the disk had it, too: then each may chain it anew, if it was unsent.
bool on_several_disks(const Ledger& ledger, const Told& told) {
    return std::ranges::any_of(ledger.ancestors, [&](const auto& copy) {
        return copy.second.device == told.device && told.order <= copy.second.order;
    });
}

/// I1, I4, I6, I7: everything that was told has its place, exactly once (or once for each machine
/// that had it unsent on its disk, and then it has its effect once); a record that has not is
/// one that contradicts another one, at its place or by going on in an epoch that was left, and
/// then both are kept.
void judge_told(World& world, const Whereabouts& where) {
    Trace& trace = world.context().trace;
    auto bare = where.bare;
    std::set<std::size_t> refused;  ///< machines whose chain is another one's at the backend
    for (const Told& told : world.context().ledger.told) {
        const auto found = where.chained.find(told.declaration);
        const std::size_t times = found == where.chained.end() ? 0 : found->second;
        if (times > 1 && !on_several_disks(world.context().ledger, told)) {
            return trace.violate("I4", "twice: " + name(told));
        }
        if (times > 0 || told.destroyed || is_beyond_reach(world, told.device)) continue;
        if (waits_for_key(world, told)) continue;
        auto& bare_left = bare[told.key.terminal];
        if (bare_left > 0 && !model::is_protective(told.kind)) {
            --bare_left;
            continue;
        }
        const auto newest = where.newest_epoch.find(told.key.terminal);
        const bool left = newest != where.newest_epoch.end() && newest->second > told.key.epoch;
        // Contradicted here, or behind a place where it was.
        const bool contradicted = where.leaves.contains(told.key) || left ||
                                  line_has(world.context().ledger, refused, told.device);
        if (!contradicted) return trace.violate("I7", "told and never arrived: " + name(told));
        refused.insert(told.device);
        Device& device = *world.devices().at(told.device);
        const bool kept =
            where.forked.contains(told.declaration) || where.copied.contains(told.declaration);
        // Of two machines with a key each, the one that is refused does not know why, and with
        // small batches it never gets beyond the first one.
        const auto now = device.status();
        const bool behind_first = world.context().small_batches() && !(now && now->identity_cloned);
        if (!kept && !behind_first) {
            return trace.violate("I6", "contradicted and not kept: " + name(told));
        }
        if (!device.retired && !may_be_stuck(world, device)) {
            return trace.violate("I7", "refused, and its machine does not go on: " + name(told));
        }
    }
}

/// I5: a machine that holds a receipt of the chain finds its own record there.
void judge_receipts(World& world, const Whereabouts& where) {
    for (const KeptReceipt& receipt : world.context().ledger.receipts) {
        if (!receipt.chain_lane) continue;
        const auto found = where.leaves.find(receipt.key);
        if (found != where.leaves.end() && found->second == receipt.leaf) continue;
        // A backup took it; that what it was for is there all the same is I7's to say.
        if (world.context().next_log && receipt.generation == 1) continue;
        return world.context().trace.violate(
            "I5", "acknowledged and not there: device " + std::to_string(receipt.device) + " " +
                      std::to_string(receipt.key.epoch) + "/" + std::to_string(receipt.key.seq));
    }
}

/// I7: whoever is not refused for good has nothing left to send.
void judge_unsent(World& world) {
    for (const auto& device : world.devices()) {
        if (device->retired) continue;
        const auto now = device->status();
        if (!now) {
            return world.context().trace.violate(
                "I7", "device " + std::to_string(device->number()) + " does not run again");
        }
        if (now->unsent == 0 || may_be_stuck(world, *device)) continue;
        if (is_beyond_reach(world, device->number())) continue;
        return world.context().trace.violate("I7", "device " + std::to_string(device->number()) +
                                                       " cannot get rid of " +
                                                       std::to_string(now->unsent));
    }
}

/// I2: the citizen's own copies are as many as the records that name them.
void judge_copies(World& world) {
    for (const auto& device : world.devices()) {
        if (!device->runs()) continue;
        std::map<base::Uuid, std::size_t> own;
        for (const Citizen& citizen : world.people().all()) {
            const auto releases = device->releases(citizen.pseudonym);
            if (!releases) return world.context().trace.violate("I2", "copies do not open");
            for (const journal::Release& release : *releases) ++own[release.declaration.id];
        }
        for (const Told& told : world.context().ledger.told) {
            // Acts that name a person have a copy; a slip names nobody.
            const bool here = told.device == device->number() && told.knows_subject;
            if (here && own[told.declaration] != 1) {
                return world.context().trace.violate("I2", "no copy of " + name(told));
            }
        }
    }
}

}  // namespace

bool is_beyond_reach(World& world, std::size_t device) {
    if (!world.context().next_log) return false;
    const Device& machine = *world.devices().at(device);
    return machine.retired || machine.about().epoch_base != model::Digest{};
}

void judge_delivery(World& world) {
    const Whereabouts where(world.cluster());
    judge_receipts(world, where);
    judge_told(world, where);
    judge_unsent(world);
    judge_copies(world);
    if (!world.cluster().ask(given_twice, {}).empty()) {
        world.context().trace.violate("I4", "one grant or objection is given twice");
    }
    if (world.cluster().ask(doubled_entries, {}).at(0).number(0) != 0) {
        world.context().trace.violate("I4", "one record has two log indices");
    }
}

void judge_chains(World& world) {
    Trace& trace = world.context().trace;
    model::RecordKey last;
    model::Digest leaf_before{};
    for (const auto& row : world.cluster().ask(all_records, {})) {
        const model::RecordKey key{backend::uuid_of(row.bytes(0)),
                                   static_cast<std::uint32_t>(row.count(1)), row.count(2)};
        const auto header = model::parse_header(row.bytes(4));
        CHECK(header.has_value());
        const bool same_chain = key.terminal == last.terminal && key.epoch == last.epoch;
        const std::string place = std::to_string(key.epoch) + "/" + std::to_string(key.seq);
        if (header->key != key) return trace.violate("I3", "a record stands at a foreign place");
        if (key.seq != (same_chain ? last.seq + 1 : 1)) {
            return trace.violate("I3", "a hole before " + place);
        }
        if (same_chain && header->prev != leaf_before) {
            return trace.violate("I3", "prev of " + place + " is not the leaf before it");
        }
        const std::uint8_t zero[] = {0};
        const auto leaf = crypto::sha256(base::concat({zero, row.bytes(4)}));
        // What was compacted and then lost by the backend comes back without its content.
        const bool may_lack = world.context().next_log.has_value();
        const bool scopes = (may_lack && row.bytes(5).empty()) ||
                            header->scopes_sha256 == crypto::sha256(row.bytes(5));
        const bool jwe = (may_lack && row.text(6).empty()) ||
                         header->jwe_sha256 == crypto::sha256(base::as_bytes(row.text(6)));
        const bool whole = base::equal(leaf, row.bytes(3)) && scopes && jwe;
        if (!whole) return trace.violate("I3", "other bytes at " + place);
        last = key;
        leaf_before = leaf;
    }
}

}  // namespace sim
