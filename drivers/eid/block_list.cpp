// SPDX-License-Identifier: EUPL-1.2
#include "drivers/eid/block_list.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <string_view>

namespace eid {
namespace {

constexpr std::string_view magic = "FRGBLOCK";
constexpr std::uint16_t version = 1;
constexpr std::size_t sector_at = 24;
static_assert(sector_at + std::tuple_size_v<SectorHash> == block_list_head_bytes);

using Entry = std::array<std::uint8_t, block_list_entry_bytes>;

auto bad(const char* where) {
    return base::fail(base::Errc::config_bad, where);
}

std::optional<Date> date_of(std::uint32_t number) {
    const Date date{std::chrono::year(static_cast<int>(number / 10'000)),
                    std::chrono::month(number / 100 % 100), std::chrono::day(number % 100)};
    if (number < 1970'01'01 || number > 9999'12'31 || !date.ok()) return std::nullopt;
    return date;
}

std::uint32_t number_of(const Date& date) {
    return static_cast<std::uint32_t>(static_cast<int>(date.year())) * 10'000 +
           static_cast<unsigned>(date.month()) * 100 + static_cast<unsigned>(date.day());
}

base::ByteView entry_at(base::ByteView entries, std::size_t index) {
    return entries.subspan(index * block_list_entry_bytes, block_list_entry_bytes);
}

bool less(base::ByteView left, base::ByteView right) {
    return std::memcmp(left.data(), right.data(), block_list_entry_bytes) < 0;
}

bool rises(base::ByteView entries) {
    for (std::size_t i = 1; i < entries.size() / block_list_entry_bytes; ++i) {
        if (!less(entry_at(entries, i - 1), entry_at(entries, i))) return false;
    }
    return true;
}

}  // namespace

base::Result<BlockListView> BlockListView::parse(base::ByteView file) {
    if (file.size() < block_list_head_bytes + block_list_digest_bytes ||
        base::as_text(file.first(magic.size())) != magic) {
        return bad("no block list");
    }
    if (base::read_u16(file.subspan(8)) != version ||
        base::read_u16(file.subspan(10)) != block_list_entry_bytes) {
        return bad("block list version");
    }
    const auto created = date_of(base::read_u32(file.subspan(12)));
    if (!created) return bad("block list day");
    const std::uint64_t count = base::read_u64(file.subspan(16));
    if (count > block_list_entries_max) return bad("block list too long");
    const base::ByteView body = file.first(file.size() - block_list_digest_bytes);
    if (body.size() - block_list_head_bytes != count * block_list_entry_bytes) {
        return bad("block list length");
    }
    BlockListView view;
    view.entries_ = body.subspan(block_list_head_bytes);
    view.created_ = *created;
    std::ranges::copy(body.subspan(sector_at, view.sector_hash_.size()), view.sector_hash_.begin());
    view.digest_ = crypto::sha256(body);
    // Damage first: what else is wrong with damaged bytes says nothing.
    if (!base::equal(view.digest_, file.last(block_list_digest_bytes))) {
        return bad("block list digest");
    }
    if (!rises(view.entries_)) return bad("block list order");
    return view;
}

bool BlockListView::contains(const BlockListId& id) const {
    const base::ByteView wanted = base::ByteView(id.get()).first(block_list_entry_bytes);
    std::size_t from = 0;
    std::size_t to = size();
    while (from < to) {
        const std::size_t middle = from + (to - from) / 2;
        if (less(entry_at(entries_, middle), wanted)) {
            from = middle + 1;
        } else {
            to = middle;
        }
    }
    return from < size() && base::equal(entry_at(entries_, from), wanted);
}

int BlockListView::days_old(const Date& today) const {
    return static_cast<int>(
        (std::chrono::sys_days(today) - std::chrono::sys_days(created_)).count());
}

base::Result<base::Bytes> encode_block_list(BlockListContent content) {
    if (!content.created.ok() || !date_of(number_of(content.created))) {
        return bad("block list day");
    }
    std::vector<Entry> entries;
    entries.reserve(content.ids.size());
    for (const BlockListId& id : content.ids) {
        std::ranges::copy_n(id.get().begin(), block_list_entry_bytes,
                            entries.emplace_back().begin());
    }
    std::ranges::sort(entries);
    entries.erase(std::unique(entries.begin(), entries.end()), entries.end());
    if (entries.size() > block_list_entries_max) return bad("block list too long");

    base::Bytes file;
    file.reserve(block_list_head_bytes + entries.size() * block_list_entry_bytes +
                 block_list_digest_bytes);
    base::append(file, base::as_bytes(magic));
    base::append_u16(file, version);
    base::append_u16(file, block_list_entry_bytes);
    base::append_u32(file, number_of(content.created));
    base::append_u64(file, entries.size());
    base::append(file, content.sector_hash);
    for (const Entry& entry : entries) base::append(file, entry);
    base::append(file, crypto::sha256(file));
    return file;
}

}  // namespace eid
