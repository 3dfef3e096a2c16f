// SPDX-License-Identifier: EUPL-1.2
// The open journal: opening, verifying, floors.
#include "sync/journal/core.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "drivers/base/check.hpp"
#include "drivers/base/log.hpp"
#include "sync/journal/chain_check.hpp"
#include "sync/journal/epochs.hpp"
#include "sync/journal/key_blob.hpp"
#include "sync/journal/log_view.hpp"
#include "sync/journal/made_mark.hpp"
#include "sync/journal/schema.hpp"
#include "sync/model/times.hpp"
#include "sync/seal/key_change.hpp"

namespace journal {
namespace {

using base::Errc;

constexpr std::size_t salt_bytes = 32;
constexpr std::uint64_t page_bytes = 4'096;
constexpr unsigned alarm_tries_max = 3;

constexpr const char* meta_count_sql = "SELECT count(*) FROM meta";
constexpr const char* insert_meta_sql = "INSERT INTO meta VALUES(1, ?, ?, ?, ?, 0, 0, 0, 0)";
constexpr const char* select_meta_sql =
    "SELECT terminal, salt, journal_key, observed, floor_ms, contact_ms FROM meta";
constexpr const char* set_receipt_key_sql = "UPDATE meta SET receipt_key = ?";
constexpr const char* insert_chain_sql =
    "INSERT INTO chain(epoch, base, first, seq, leaf) VALUES(?, ?, ?, 0, ?)";
constexpr const char* last_chain_sql =
    "SELECT epoch, seq, leaf FROM chain ORDER BY epoch DESC LIMIT 1";
constexpr const char* find_leaf_sql = "SELECT 1 FROM record WHERE leaf = ? LIMIT 1";
constexpr const char* told_sql = "SELECT 1 FROM alarm WHERE kind = ? AND last_ms = ?";

}  // namespace

Core::Core(Options options, Ports ports)
    : options_(std::move(options)),
      ports_(ports),
      reserve_(options_.path.string() + "-reserve", options_.reserve_bytes),
      untold_(options_.vfs.empty() ? options_.path : options_.notes) {}

Core::~Core() {
    // Closing leaves the log where it is (wal.hpp). A connection that did not fail may empty
    // it, so that copies of the file alone are whole; if not, the next opening does.
    if (db_) (void)db_->checkpoint().has_value();
}

base::Result<void> Core::ensure_open() {
    if (db_) return {};
    auto loaded = load();
    if (!loaded) {
        close();
        untold_.note_again();
    }
    return loaded;
}

base::Result<void> Core::make_agreement() {
    if (agreement_) return {};
    TRY(made, seal::Agreement::make(options_.views_key, ports_.random));
    agreement_.emplace(std::move(made));
    return {};
}

base::Result<seal::Agreement> Core::take_agreement() {
    TRY_VOID(make_agreement());
    seal::Agreement taken = std::move(*agreement_);
    agreement_.reset();
    return taken;
}

base::Result<void> Core::be_ready() {
    TRY_VOID(ensure_open());
    if (postponed_alarms_.empty()) return {};
    const auto raised = raise_together(*this, postponed_alarms_);
    if (!raised) {
        base::log_error(raised.error());
        for (const PostponedAlarm& each : postponed_alarms_) log_alarm(each.kind, 1);
        if (raised.error().code == Errc::journal_io) close();
    } else {
        untold_.told();
    }
    // Not for ever, lest an ill disk has everything opened and verified anew for each use.
    if (raised || ++alarm_tries_ == alarm_tries_max) {
        if (!raised) untold_.leave_to_next();
        postponed_alarms_.clear();
        alarm_tries_ = 0;
    }
    return ensure_open();
}

base::Result<void> Core::load() {
    if (options_.views_key.point.curve != crypto::Curve::p256 ||
        options_.receipt_key.curve != crypto::Curve::p256) {
        return base::fail(Errc::key_bad, "journal keys of the backend");
    }
    TRY(own_point, ports_.keys.public_point(journal_key_name));
    TRY(own_key, crypto::parse_point(crypto::Curve::p256, own_point));
    journal_key_ = own_key;
    const bool on_disk = options_.vfs.empty();
    if (on_disk) TRY_VOID(require_still_there(options_.path));
    TRY(db, Database::open(options_.path.string(), Access::journal, options_.vfs));
    db_.emplace(std::move(db));
    // While a file of the reserve's size fits beside the journal, there is room for withdrawals.
    (void)reserve_.set_aside();  // false is remembered in it, and grants are refused then
    TRY_VOID(bring_up_to_date(*db_));
    TRY(metas, db_->number(meta_count_sql));
    if (metas == 0) TRY_VOID(create_meta());
    // Without the mark the next start would not notice a loss: said, but no reason to refuse now.
    if (const auto set = on_disk ? set_made_mark(options_.path) : base::Result<void>(); !set)
        base::log_error(set.error());
    TRY_VOID(load_meta());
    TRY_VOID(load_chain());
    records_in_wal_ = 0;
    TRY_VOID(begin_with_named_log(*this));
    TRY(resend, renewal(*this));
    resend_ = resend;
    return answer_untold();
}

/// What is in the file now is durable: opening it has synced what was left (sync/wal).
base::Result<void> Core::answer_untold() {
    const auto record = untold_.open_one();
    if (!record) return {};
    bool there = false;
    {
        TRY(find, db_->query(find_leaf_sql));
        TRY(row, find.bind(base::ByteView(record->leaf)).step());
        there = row;
    }
    const PostponedAlarm answer{there ? AlarmKind::record_untold : AlarmKind::record_failed,
                                record->wall_ms};
    TRY(told, db_->query(told_sql));
    TRY(row, told.bind(static_cast<std::uint64_t>(answer.kind)).bind(answer.wall_ms).step());
    untold_.answered();
    // Else the program ended between the alarm and the end of the note.
    if (!row) {
        postponed_alarms_.push_back(answer);
    } else {
        untold_.told();
    }
    return {};
}

std::vector<crypto::Point> Core::receipt_keys() const {
    std::vector<crypto::Point> keys{options_.receipt_key};
    keys.insert(keys.end(), options_.more_receipt_keys.begin(), options_.more_receipt_keys.end());
    return keys;
}

base::Result<void> Core::trust_backend(const seal::PublicJwk& views,
                                       std::span<const crypto::Point> receipts) {
    const auto is_ours = [](const crypto::Point& key) { return key.curve == crypto::Curve::p256; };
    if (!is_ours(views.point) || receipts.empty() || !std::ranges::all_of(receipts, is_ours))
        return base::fail(Errc::key_bad, "journal keys of the backend");
    // Even if the file cannot be written: the next opening writes what the options say.
    options_.views_key = views;
    options_.receipt_key = receipts.front();
    options_.more_receipt_keys.assign(receipts.begin() + 1, receipts.end());
    agreement_.reset();  // was with the key before
    TRY(update, db_->query(set_receipt_key_sql));
    return update.bind(receipt_keys_blob()).run();
}

base::Bytes Core::receipt_keys_blob() const {
    return key_blob(receipt_keys());
}

base::Result<void> Core::create_meta() {
    // A later key signs no record of an earlier epoch.
    const auto epoch =
        std::max(options_.epoch, seal::claimed_epoch(options_.key_change).value_or(1));
    base::Bytes salt(salt_bytes);
    ports_.random.fill(salt);
    TRY(transaction, Transaction::begin(*db_));
    {
        TRY(meta, db_->query(insert_meta_sql));
        TRY_VOID(meta.bind(base::ByteView(options_.terminal.get()))
                     .bind(salt)
                     .bind(journal_key_.bytes)
                     .bind(receipt_keys_blob())
                     .run());
        TRY(chain, db_->query(insert_chain_sql));
        TRY_VOID(chain.bind(epoch)
                     .bind(base::ByteView(options_.epoch_base))
                     .bind(std::uint64_t{1})
                     .bind(base::ByteView(options_.epoch_base))
                     .run());
    }
    return transaction.commit();
}

base::Result<void> Core::load_meta() {
    {
        TRY(update, db_->query(set_receipt_key_sql));
        TRY_VOID(update.bind(receipt_keys_blob()).run());
    }
    TRY(meta, db_->query(select_meta_sql));
    TRY(row, meta.step());
    CHECK(row);
    if (!base::equal(meta.blob(0), options_.terminal.get())) {
        return base::fail(Errc::journal_open_failed, "journal of another terminal");
    }
    salt_ = meta.blob(1);
    TRY(first_key, crypto::parse_point(crypto::Curve::p256, meta.blob(2)));
    keys_ = {first_key};
    raise_observed(meta.number(3));
    raise_floor(meta.number(4));
    raise_contact(meta.number(5));
    return {};
}

base::Result<void> Core::load_chain() {
    TRY(state,
        check_chain(*db_, {options_.terminal, keys_.front(), observed_}, Signatures::newest));
    if (state.broken) {
        return base::fail(Errc::journal_chain_broken, state.broken->what,
                          static_cast<std::uint32_t>(state.broken->seq));
    }
    raise_floor(state.floor_ms);
    keys_ = std::move(state.keys);
    {
        TRY(last, db_->query(last_chain_sql));
        TRY(row, last.step());
        CHECK(row);
        tip_.epoch = static_cast<std::uint32_t>(last.number(0));
        tip_.seq = last.number(1);
        tip_.position = state.rows;
        tip_.leaf = state.epochs.back().head;
    }
    if (keys_.back().bytes != journal_key_.bytes) {
        TRY_VOID(change_key());
    } else if (options_.epoch > tip_.epoch) {
        TRY_VOID(begin_epoch(*this, options_.epoch, ""));
    }
    return look_at_identity();
}

base::Result<void> Core::change_key() {
    const base::Error wrong{Errc::key_bad, "journal key is not that of the file"};
    if (options_.key_change.empty()) return tl::unexpected(wrong);
    const auto change = seal::verify_key_change(options_.key_change, keys_.back());
    if (!change || change->terminal != options_.terminal ||
        change->key.bytes != journal_key_.bytes || change->epoch <= tip_.epoch) {
        return tl::unexpected(wrong);
    }
    keys_.push_back(change->key);
    return begin_epoch(*this, change->epoch, options_.key_change);
}

base::Result<void> Core::look_at_identity() {
    TRY(identity, read_identity(*this));
    in_doubt_ = identity.in_doubt;
    cloned_ = identity.cloned;
    return {};
}

model::Time Core::now() const {
    model::Time time;
    time.wall_ms = std::min(ports_.clock.wall_ms(), model::unix_ms_max);
    time.floor_ms = std::min(floor_ms(), model::unix_ms_max);
    if (time.floor_ms == 0) {
        time.quality = model::TimeQuality::unknown;
    } else {
        // A wall clock behind what the backend has signed is wrong for certain.
        time.quality =
            time.wall_ms < time.floor_ms ? model::TimeQuality::floor : model::TimeQuality::wall;
    }
    return time;
}

std::uint64_t Core::floor_ms() const {
    if (floor_base_ms_ == 0) return 0;
    const std::uint64_t boot_ms = ports_.clock.boot_ms();
    CHECK(boot_ms >= floor_base_boot_ms_);
    return floor_base_ms_ + (boot_ms - floor_base_boot_ms_);
}

void Core::raise_floor(std::uint64_t signed_ms) {
    if (signed_ms <= floor_ms()) return;
    floor_base_ms_ = signed_ms;
    floor_base_boot_ms_ = ports_.clock.boot_ms();
}

void Core::note_received(receipts::Lane lane, std::uint64_t from, std::uint64_t to) {
    if (lane == receipts::Lane::advance && copy_again_ != 0)
        copy_again_ = std::max(copy_again_, to + 1);
    if (lane == receipts::Lane::chain && from <= offered_.first && offered_.first <= to) {
        // Other receipts may be old ones that come by stick.
        if (search_ && offered_.alone && from == to) {
            search_->common = std::max(search_->common, to);
            if (search_->refused <= to) search_->refused = search_->end;
        }
        offered_ = {};
    }
    if (!resend_) return;
    if (lane == receipts::Lane::advance) resend_->advance = std::max(resend_->advance, to + 1);
    if (lane == receipts::Lane::chain && from <= resend_->chain && resend_->chain <= to) {
        resend_->chain = to + 1;
    }
}

base::Result<void> Core::set_size_bound(bool with_reserve) {
    const std::uint64_t bytes = options_.bytes_max + (with_reserve ? options_.reserve_bytes : 0);
    const std::string sql = "PRAGMA max_page_count=" + std::to_string(bytes / page_bytes);
    return db_->execute(sql.c_str());
}

void Core::after_commit() {
    // In the log a record takes six times its room in the file, so while the reserve is in use the
    // log is emptied each time: then 8 MB hold more than 1,000 withdrawals.
    if (++records_in_wal_ < limits::journal_checkpoint_records && reserve_.whole()) return;
    empty_log();
}

void Core::empty_log() {
    records_in_wal_ = 0;
    // A full disk leaves everything in the WAL, which is as durable; any other failure makes the
    // connection suspect.
    if (auto done = db_->checkpoint(); !done && done.error().code != Errc::journal_full) {
        base::log_error(done.error());
        close();
    }
}

}  // namespace journal
