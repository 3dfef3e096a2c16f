// SPDX-License-Identifier: EUPL-1.2
// One declaration becomes one row, in one transaction. Everything that can fail for another reason
// than the disk happens before the transaction begins.
#include <algorithm>

#include "drivers/base/check.hpp"
#include "drivers/base/log.hpp"
#include "drivers/crypto/digest.hpp"
#include "sync/journal/core.hpp"
#include "sync/journal/forecast.hpp"
#include "sync/model/declaration_json.hpp"
#include "sync/model/times.hpp"
#include "sync/seal/jwe.hpp"
#include "sync/seal/scope_tags.hpp"
#include "sync/seal/slip_code.hpp"
#include "sync/seal/view.hpp"

namespace journal {
namespace {

using base::ByteView;
using base::Errc;

constexpr const char* insert_record_sql = "INSERT INTO record VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
constexpr const char* insert_view_sql = "INSERT INTO view VALUES(?, ?, ?)";
constexpr const char* insert_target_sql = "INSERT OR IGNORE INTO target VALUES(?, ?, ?)";
constexpr const char* move_head_sql = "UPDATE chain SET seq = ?, leaf = ? WHERE epoch = ?";

struct View {
    model::Digest index{};
    base::Bytes sealed;
};

/// Everything that the transaction writes, and what the slip is made of when it is written.
struct Entry {
    Core::Tip tip;  ///< the chain after this entry
    model::Kind kind = model::Kind::grant;
    model::Header header;
    model::SlipSecret slip_secret;
    model::Scopes scopes;
    model::Record record;
    std::string head;
    std::optional<View> view;
    Appended appended;
};

/// Sets what is not the caller's to say. The slip's secret is returned so that the codes can be
/// made.
model::SlipSecret complete(const Core& core, model::Declaration& draft, Slip slip) {
    std::array<std::uint8_t, 10> random{};
    core.ports().random.fill(random);
    draft.time = core.now();
    draft.id = base::make_uuid7(draft.time.wall_ms, random);
    draft.place = {core.options().terminal, core.options().site};
    if (slip == Slip::none) return {};
    std::array<std::uint8_t, model::SlipSecret::capacity> bytes{};
    core.ports().random.fill(bytes);
    model::SlipSecret secret{ByteView(bytes)};
    base::wipe_memory(bytes.data(), bytes.size());
    draft.slip_hash = seal::slip_hash(secret);
    return secret;
}

model::Header header_of(const Core& core, const Entry& entry, const model::Time& time) {
    model::Header header;
    header.key = entry.appended.key;
    header.prev = core.tip().leaf;
    header.jwe_sha256 = crypto::sha256(base::as_bytes(entry.record.jwe));
    header.scopes_sha256 = crypto::sha256(entry.record.scopes);
    header.kind = entry.kind;
    header.observed = core.observed();
    header.time = time;
    return header;
}

/// The codes of the slip. They say nothing that is not recorded, so they are signed when it is: a
/// signature less between the press and the disk.
base::Result<void> write_codes(const Core& core, Entry& entry) {
    Appended& out = entry.appended;
    model::CheckCode code;
    code.declaration = out.declaration;
    code.terminal = core.options().terminal;
    code.date = model::day_of(model::capture_ms(out.time));
    std::copy_n(entry.header.scopes_sha256.begin(), code.scope.size(), code.scope.begin());
    code.secret_hash = seal::slip_hash(entry.slip_secret);
    seal::StoreSigner signer(core.ports().keys, journal_key_name);
    TRY(check_code, seal::sign_check(code, signer));
    out.check_code = check_code;
    out.take_back_code =
        model::encode(model::TakeBackCode{check_code, std::move(entry.slip_secret)});
    return {};
}

base::Result<std::optional<View>> make_view(const Core& core, const model::Declaration& declaration,
                                            ByteView plain, const model::RecordKey& key) {
    const auto& subject = declaration.subject;
    // Without a pseudonym nobody could open a copy again.
    if (!subject || subject->kind != model::SubjectKind::pseudonym) return std::nullopt;
    const seal::ViewKey view_key = seal::view_key(subject->value, core.salt());
    TRY(sealed, seal::seal_view(plain, key, view_key, core.ports().random));
    return View{seal::view_index(view_key), std::move(sealed)};
}

/// Draft to bytes: fills in, encodes, seals, chains and signs.
base::Result<Entry> prepare(Core& core, model::Declaration draft, Slip slip) {
    TRY(agreement, core.take_agreement());
    Entry entry;
    entry.slip_secret = complete(core, draft, slip);
    TRY(json, model::encode(draft));
    entry.kind = model::kind_of(draft);
    entry.tip = core.tip();
    entry.tip.position += 1;
    entry.tip.seq += 1;
    Appended& appended = entry.appended;
    appended.key = {core.options().terminal, entry.tip.epoch, entry.tip.seq};
    appended.declaration = draft.id;
    appended.time = draft.time;

    auto view = make_view(core, draft, base::as_bytes(json), appended.key);
    entry.record.jwe =
        seal::seal_jwe(base::as_bytes(json), std::move(agreement), core.ports().random);
    base::wipe_memory(json.data(), json.size());
    if (!view) return tl::unexpected(view.error());
    entry.view = std::move(*view);
    entry.scopes = seal::scopes_of(draft);
    entry.record.scopes = model::encode(entry.scopes);

    entry.header = header_of(core, entry, draft.time);
    entry.record.header = model::encode(entry.header);
    entry.tip.leaf = seal::leaf_hash(entry.record.header);
    seal::StoreSigner signer(core.ports().keys, journal_key_name);
    TRY(head, seal::sign_head({appended.key, entry.tip.leaf}, signer));
    entry.head = std::move(head);
    return entry;
}

base::Result<void> write_rows(Database& db, const Entry& entry) {
    TRY(record, db.query(insert_record_sql));
    TRY_VOID(record.bind(entry.tip.position)
                 .bind(entry.tip.epoch)
                 .bind(entry.tip.seq)
                 .bind(static_cast<std::uint64_t>(entry.kind))
                 .bind(std::uint64_t{model::is_protective(entry.kind)})
                 .bind(ByteView(entry.tip.leaf))
                 .bind(entry.record.header)
                 .bind(entry.record.scopes)
                 .bind(std::string_view(entry.record.jwe))
                 .bind(std::string_view(entry.head))
                 .run());
    if (entry.view) {
        TRY(view, db.query(insert_view_sql));
        TRY_VOID(view.bind(entry.tip.position)
                     .bind(ByteView(entry.view->index))
                     .bind(entry.view->sealed)
                     .run());
    }
    for (const model::ScopeTarget& each : entry.scopes.targets) {
        TRY(target, db.query(insert_target_sql));
        TRY_VOID(target.bind(ByteView(each.value))
                     .bind(entry.tip.position)
                     .bind(static_cast<std::uint64_t>(each.kind))
                     .run());
    }
    TRY(head, db.query(move_head_sql));
    return head.bind(entry.tip.seq).bind(ByteView(entry.tip.leaf)).bind(entry.tip.epoch).run();
}

base::Result<void> write(Core& core, const Entry& entry) {
    TRY_VOID(core.set_size_bound(model::is_protective(entry.kind)));
    TRY(transaction, Transaction::begin(core.db()));
    TRY_VOID(write_rows(core.db(), entry));
    TRY_VOID(note_size(core));
    return transaction.commit();
}

/// Writes, and answers a full disk and a failed write as the rules ask.
base::Result<void> write_durably(Core& core, const Entry& entry) {
    auto written = write(core, entry);
    if (!written && written.error().code == Errc::journal_full &&
        model::is_protective(entry.kind)) {
        core.reserve().give_away();
        written = write(core, entry);
    }
    if (written) return written;
    if (written.error().code == Errc::journal_io) {
        base::log_error(written.error());
        core.postpone_alarm(AlarmKind::disk_failed);
    }
    // Nobody knows what reached the disk; a disk that became full behind the last frame has it
    // whole, and the next start would find it (found by tests/sim). Opening again writes back and
    // syncs what is left, and then the file itself says whether the declaration is in it.
    core.close();
    if (const auto opened = core.ensure_open(); !opened) {
        core.untold().set({entry.tip.leaf, entry.appended.time.wall_ms});
        // Not journal_full, which promises that nothing was recorded.
        return base::fail(Errc::journal_open_failed, opened.error().where, opened.error().detail);
    }
    if (core.tip().leaf == entry.tip.leaf) return {};
    return written;
}

}  // namespace

base::Result<Appended> Journal::append(model::Declaration draft, Slip slip) {
    TRY_VOID(core_->be_ready());
    TRY(entry, prepare(*core_, std::move(draft), slip));
    if (!model::is_protective(entry.kind) && core_->cloned()) {
        return base::fail(Errc::identity_cloned, "another machine records under our identity");
    }
    // The last space is for withdrawals.
    if (!model::is_protective(entry.kind) && !core_->reserve().set_aside()) {
        return base::fail(Errc::journal_full, "reserve");
    }
    TRY_VOID(write_durably(*core_, entry));
    core_->set_tip(entry.tip);
    core_->after_commit();
    base::log(base::LogEvent::record_appended,
              {{"epoch", entry.tip.epoch}, {"seq", static_cast<std::int64_t>(entry.tip.seq)}});
    if (slip == Slip::print) {
        // It is recorded, whatever becomes of its slip: an error here would deny it.
        const auto written = write_codes(*core_, entry);
        if (!written) base::log_error(written.error());
    }
    return std::move(entry.appended);
}

base::Result<void> Journal::make_ready() {
    return core_->make_agreement();
}

}  // namespace journal
