// SPDX-License-Identifier: EUPL-1.2
#include "tests/sim/device_seams.hpp"

#include <algorithm>
#include <fstream>
#include <vector>

namespace sim {
namespace {

std::string text_of(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

void write(const std::filesystem::path& file, const std::string& text) {
    std::ofstream(file, std::ios::binary | std::ios::trunc) << text;
}

}  // namespace

void edit_before_boot(Mutant mutant, const crash::PowerCutDisk& disk, const Ledger& ledger,
                      std::size_t device) {
    std::string sql;
    if (mutant == Mutant::floor_forgotten) sql = "UPDATE meta SET floor_ms = 0";
    if (mutant == Mutant::observed_unverified) {
        std::uint64_t largest = 0;
        for (const KeptReceipt& receipt : ledger.receipts) {
            if (receipt.device == device) largest = std::max(largest, receipt.log_index + 1);
        }
        sql = "UPDATE meta SET observed = max(observed, " + std::to_string(largest) + ")";
    }
    if (sql.empty() || !disk.exists("/journal.db")) return;
    sqlite3* db = nullptr;
    if (sqlite3_open_v2("/journal.db", &db, SQLITE_OPEN_READWRITE, disk.vfs_name().c_str()) ==
        SQLITE_OK) {
        sql = "PRAGMA locking_mode=EXCLUSIVE;" + sql;
        (void)sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr);
    }
    (void)sqlite3_close_v2(db);
}

void spoil_folder(const std::filesystem::path& folder, Dice& dice) {
    std::vector<std::filesystem::path> files;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
        files.push_back(entry.path());
    }
    if (files.empty()) return;
    std::ranges::sort(files);
    const auto& file = dice.pick(files);
    const std::string text = text_of(file);
    switch (dice.below(5)) {
        case 0:
            std::filesystem::remove(file, error);
            break;
        case 1:
            write(file, text.substr(0, text.size() / 2));
            break;
        case 2:
            write(file, std::string(text.size(), '\xFF'));
            break;
        case 3:  // a receipt comes back that was handed in long ago
            write(folder / ("receipt-" + std::to_string(dice.between(1, 40)) + ".set"), text);
            break;
        default:
            write(folder / (dice.chance(500) ? "batch.body" : "advance.body"), text);
            break;
    }
}

}  // namespace sim
