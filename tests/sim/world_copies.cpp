// SPDX-License-Identifier: EUPL-1.2
// Copies of machines: cloned, restored from an old disk image, replaced with a new key; and what
// the operator then does about it.
#include <algorithm>
#include <set>

#include "drivers/base/check.hpp"
#include "tests/sim/world.hpp"

namespace sim {
namespace {

constexpr std::size_t devices_max = 14;
constexpr backend::Statement newest_epoch{
    "SELECT COALESCE(MAX(epoch), 0) FROM chain WHERE terminal = $1"};
constexpr backend::Statement own_records{
    "SELECT epoch, seq, scopes FROM record WHERE terminal = $1"};

}  // namespace

void World::copy_step() {
    Device* device = any_device();
    if (device == nullptr || !device->runs() || device->syncd_busy() || depth_ > 0) return;
    const std::uint64_t roll = context_.dice.below(100);
    if (roll < 40) {
        if (saved_.size() < 4) saved_.push_back({device->image(0), device->number()});
        return;
    }
    if (devices_.size() >= devices_max) return;
    if (roll < 60) return clone(*device);
    if (roll < 85) return restore(*device);
    replace(*device);
}

/// Two machines of one identity from now on.
void World::clone(Device& of) {
    Device::Start start = of.image(devices_.size());
    context_.trace.note("device " + std::to_string(of.number()) + " is cloned as " +
                        std::to_string(start.number));
    context_.ledger.ancestors[start.number] = {of.number(), start.rows};
    spawn(std::move(start));
}

/// What was on this disk and did not leave it for sure is gone.
void World::scrap(Device& device, std::uint64_t rows_kept) {
    device.kill_kiosk();
    device.kill_syncd();
    device.retired = true;
    // Rows that an earlier machine had told lay there, too; gone, unless that one is still there.
    Told here;
    here.device = device.number();
    here.order = UINT64_MAX;
    for (Told& told : context_.ledger.told) {
        if (told.order > rows_kept && context_.ledger.on_disk_before(told, here) &&
            devices_.at(told.device)->retired) {
            told.destroyed = true;
        }
    }
}

/// The disk is replaced by an old image of it; with a new epoch, as the manual says, or without.
void World::restore(Device& of) {
    const auto saved = std::ranges::find(saved_, of.number(), &Saved::of);
    if (saved == saved_.end()) return;
    Device::Start start = std::move(saved->image);
    saved_.erase(saved);
    start.number = devices_.size();
    const bool new_epoch = context_.dice.chance(700);
    if (new_epoch) ++start.identity.epoch;
    context_.trace.note("device " + std::to_string(of.number()) + " is restored as " +
                        std::to_string(start.number) + (new_epoch ? " with a new epoch" : ""));
    context_.ledger.ancestors[start.number] = {of.number(), start.rows};
    scrap(of, start.rows);
    spawn(std::move(start));
}

/// A new disk and a new key; the chain continues at the last head that the backend confirmed.
void World::replace(Device& of) {
    Device::Start start;
    start.number = devices_.size();
    start.identity.terminal = of.about().identity.terminal;
    start.identity.key = crypto::generate_key(crypto::Curve::p256, context_.dice);
    // Behind every epoch that the backend knows of this terminal.
    const auto newest = cluster_->ask(newest_epoch, {start.identity.terminal.get()});
    const std::uint64_t known = newest.at(0).count(0);
    start.identity.epoch =
        static_cast<std::uint32_t>(std::max<std::uint64_t>(known, of.about().identity.epoch) + 1);
    std::set<model::RecordKey> confirmed;
    for (const KeptReceipt& receipt : context_.ledger.receipts) {
        if (receipt.device != of.number() || !receipt.chain_lane) continue;
        if (confirmed.empty() || *confirmed.rbegin() < receipt.key) start.epoch_base = receipt.leaf;
        confirmed.insert(receipt.key);
    }
    // By what they are: a row that was chained anew has another place than it was told.
    std::set<base::Uuid> there;
    for (const auto& row : cluster_->ask(own_records, {start.identity.terminal.get()})) {
        const auto scopes = model::parse_scopes(row.bytes(2));
        const model::RecordKey key{start.identity.terminal,
                                   static_cast<std::uint32_t>(row.count(0)), row.count(1)};
        if (scopes && confirmed.contains(key)) there.insert(scopes->declaration);
    }
    std::uint64_t rows_kept = 0;
    Told here;
    here.device = of.number();
    here.order = UINT64_MAX;
    for (const Told& told : context_.ledger.told) {
        if (context_.ledger.on_disk_before(told, here) && there.contains(told.declaration))
            rows_kept = std::max(rows_kept, told.order);
    }
    context_.trace.note("device " + std::to_string(of.number()) + " is replaced by " +
                        std::to_string(start.number));
    scrap(of, rows_kept);
    if (rows_kept > 0) context_.ledger.ancestors[start.number] = {of.number(), rows_kept};
    Device& device = spawn(std::move(start));
    enrol(device);
}

}  // namespace sim
