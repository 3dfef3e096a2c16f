// SPDX-License-Identifier: EUPL-1.2
// Copies of machines: cloned, restored from an old disk image, replaced with a new key; and what
// the operator then does about it.
#include <algorithm>

#include "drivers/base/check.hpp"
#include "tests/sim/world.hpp"

namespace sim {
namespace {

constexpr std::size_t devices_max = 14;

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
    for (Told& told : context_.ledger.told) {
        if (told.device == device.number() && told.order > rows_kept) told.destroyed = true;
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
    start.identity.epoch = of.about().identity.epoch + 1;
    std::uint64_t rows_kept = 0;
    std::uint64_t best = 0;
    for (const KeptReceipt& receipt : context_.ledger.receipts) {
        const bool ours = receipt.device == of.number() && receipt.chain_lane &&
                          receipt.key.epoch == of.about().identity.epoch;
        if (!ours || receipt.key.seq <= best) continue;
        best = receipt.key.seq;
        start.epoch_base = receipt.leaf;
    }
    for (const Told& told : context_.ledger.told) {
        const bool confirmed = told.device == of.number() && best > 0 &&
                               told.key.epoch == of.about().identity.epoch && told.key.seq <= best;
        if (confirmed) rows_kept = std::max(rows_kept, told.order);
    }
    context_.trace.note("device " + std::to_string(of.number()) + " is replaced by " +
                        std::to_string(start.number));
    scrap(of, rows_kept);
    if (rows_kept > 0) context_.ledger.ancestors[start.number] = {of.number(), rows_kept};
    Device& device = spawn(std::move(start));
    enrol(device);
}

}  // namespace sim
