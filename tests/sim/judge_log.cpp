// SPDX-License-Identifier: EUPL-1.2
// The log from outside: rebuilt from its leaves with RFC 6962 written down plainly, then compared
// with every checkpoint and every receipt that a machine ever believed; and what no disk may show.
#include <algorithm>
#include <fstream>
#include <map>

#include "drivers/base/check.hpp"
#include "drivers/crypto/digest.hpp"
#include "sync/backend/store/columns.hpp"
#include "tests/sim/judge.hpp"

namespace sim {
namespace {

constexpr backend::Statement all_indices{"SELECT log_index FROM log_entry ORDER BY log_index"};

/// MTH of RFC 6962 2.1 over leaves that are hashed already.
model::Digest tree(std::span<const model::Digest> leaves) {
    if (leaves.empty()) return crypto::sha256({});
    if (leaves.size() == 1) return leaves[0];
    std::size_t left = 1;
    while (left * 2 < leaves.size()) left *= 2;
    const std::uint8_t one[] = {1};
    return crypto::sha256(
        base::concat({one, tree(leaves.first(left)), tree(leaves.subspan(left))}));
}

bool contains(const std::vector<unsigned char>& bytes, base::ByteView wanted) {
    return std::ranges::search(bytes, wanted).begin() != bytes.end();
}

void judge_bytes(World& world, const std::vector<unsigned char>& bytes, const std::string& where) {
    if (contains(bytes, base::as_bytes(canary))) {
        return world.context().trace.violate("I15", "a name stands in " + where);
    }
    for (const Citizen& citizen : world.people().all()) {
        if (contains(bytes, citizen.pseudonym)) {
            return world.context().trace.violate("I15", "a pseudonym stands in " + where);
        }
    }
}

}  // namespace

void judge_log(World& world) {
    Context& context = world.context();
    Trace& trace = context.trace;
    std::uint64_t index = 0;
    for (const auto& row : world.cluster().ask(all_indices, {})) {
        if (row.count(0) != index++) return trace.violate("I12", "a hole in the log");
    }
    const std::vector<model::Digest> present = world.cluster().log_leaves();
    // Each generation's log, as it was at the end.
    std::map<std::uint32_t, const std::vector<model::Digest>*> logs{{1, &present}};
    if (context.next_log) {
        const auto& before = context.next_log->before;
        const auto common = static_cast<std::ptrdiff_t>(context.next_log->common);
        if (!std::equal(before.begin(), before.begin() + common, present.begin()))
            return trace.violate("I12", "the next log does not begin as the one before");
        logs = {{1, &before}, {2, &present}};
    }
    std::map<std::pair<std::uint32_t, std::uint64_t>, model::Digest> roots;
    for (const SeenCheckpoint& seen : context.ledger.checkpoints) {
        const auto& leaves = *logs.at(seen.generation);
        const std::string who = "device " + std::to_string(seen.device);
        if (seen.size > leaves.size())
            return trace.violate("I12", who + " has verified a longer log than there is");
        auto& root = roots[{seen.generation, seen.size}];
        if (root == model::Digest{}) root = tree(std::span(leaves).first(seen.size));
        if (root != seen.root) {
            return trace.violate(
                "I12", "the log is not what " + who + " verified at " + std::to_string(seen.size));
        }
    }
    for (const KeptReceipt& receipt : context.ledger.receipts) {
        const auto& leaves = *logs.at(receipt.generation);
        if (receipt.log_index < leaves.size() && leaves[receipt.log_index] == receipt.leaf)
            continue;
        return trace.violate("I13", "a receipt names index " + std::to_string(receipt.log_index) +
                                        ", where another record stands");
    }
}

void judge_secrecy(World& world) {
    for (const auto& [name, bytes] : world.cluster().backup()) judge_bytes(world, bytes, name);
    for (const auto& device : world.devices()) {
        const std::string where = "device " + std::to_string(device->number()) + " ";
        for (const auto& [name, bytes] : device->disk()) judge_bytes(world, bytes, where + name);
        std::error_code error;
        for (const auto& entry :
             std::filesystem::directory_iterator(device->spool_folder(), error)) {
            std::ifstream in(entry.path(), std::ios::binary);
            judge_bytes(world, {std::istreambuf_iterator<char>(in), {}}, where + "spool");
        }
    }
}

void judge(World& world) {
    if (world.context().set_back && !world.context().next_log) {
        // What was acknowledged may be lost: no program can bring it back, but it must be noticed.
        const bool noticed = std::ranges::any_of(
            world.devices(), [](const auto& device) { return device->log_suspected; });
        if (world.loss_visible() && !noticed) {
            world.context().trace.violate("I12", "the backend was set back and nobody noticed");
        }
        judge_secrecy(world);
        return;
    }
    judge_chains(world);
    judge_delivery(world);
    judge_log(world);
    judge_claims(world);
    judge_rule(world);
    // What came again without its content cannot be replayed.
    if (!world.context().next_log) judge_order(world);
    judge_secrecy(world);
}

}  // namespace sim
