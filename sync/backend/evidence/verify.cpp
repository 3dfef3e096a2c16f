// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/evidence/verify.hpp"

#include <algorithm>
#include <map>

#include "drivers/base/limits.hpp"
#include "drivers/base/limits_evidence.hpp"
#include "drivers/crypto/digest.hpp"
#include "drivers/crypto/ecdsa.hpp"
#include "sync/backend/evidence/judge.hpp"
#include "sync/model/json.hpp"
#include "sync/receipts/log_proof.hpp"
#include "sync/seal/chain.hpp"
#include "sync/seal/jwk.hpp"

namespace backend {
namespace {

using base::Errc;
using receipts::Receipt;

constexpr std::size_t set_bytes_max = 65'536;

class Check {
  public:
    Check(const Bundle& bundle, const EvidenceKeys& keys) : bundle_(bundle), keys_(keys) {}

    base::Result<EvidenceReport> run() {
        TRY_VOID(sums());
        TRY(about, file("about.json"));
        TRY(read, parse_about(about));
        out_.about = std::move(read);
        TRY_VOID(journal_keys());
        TRY(effects_text, file("effects.json"));
        TRY(effects, parse_effects(effects_text));
        if (effects.records.size() != out_.about.records)
            return base::fail(Errc::record_bad, "evidence.count");
        for (std::size_t i = 0; i < effects.records.size(); ++i) {
            number_ = static_cast<std::uint32_t>(i + 1);
            TRY_VOID(record(effects.records[i]));
        }
        number_ = 0;
        TRY_VOID(counted());
        const bool declared = std::ranges::any_of(out_.records, [&](const EvidenceRecord& each) {
            return each.scopes.declaration == out_.about.declaration;
        });
        if (!declared) return base::fail(Errc::record_bad, "evidence.declaration");
        TRY_VOID(judge_evidence(out_.records, effects));
        out_.effects = effects.effects;
        TRY_VOID(statuses());
        out_.has_catalogue = bundle_.contains("catalogue.jws");
        return std::move(out_);
    }

  private:
    [[nodiscard]] tl::unexpected<base::Error> bad(Errc code, const char* where) const {
        return base::fail(code, where, number_);
    }

    base::Result<std::string_view> file(const std::string& name) const {
        const auto found = bundle_.find(name);
        if (found == bundle_.end()) return bad(Errc::record_bad, "evidence.file_missing");
        return std::string_view(found->second);
    }

    /// The list names every file, in its one form; so no byte of any file can change unnoticed.
    base::Result<void> sums() {
        TRY(list, file(std::string(evidence_sums)));
        TRY(signature, file(std::string(evidence_signature)));
        const auto digest = crypto::sha256(base::as_bytes(list));
        const auto plain =
            crypto::signature_from_der(crypto::Curve::p256, base::as_bytes(signature));
        const bool known =
            plain && std::ranges::any_of(keys_.receipts, [&](const crypto::Point& key) {
                return crypto::ecdsa_verify(key, digest, *plain);
            });
        if (!known) return bad(Errc::signature_bad, "evidence.sums_signature");
        if (sums_of(bundle_) != list) return bad(Errc::record_bad, "evidence.sums");
        return {};
    }

    base::Result<void> journal_keys() {
        TRY(text, file("journal-keys.json"));
        TRY(json, model::parse_json(text, limits::evidence_file_bytes_max));
        model::JsonFields fields(json);
        for (const model::Json& item :
             fields.array("keys", limits::evidence_records_max * limits::terminal_keys_max)) {
            TRY(key, seal::parse_public_jwk(item.dump()));
            bundled_.push_back({key.kid, "", key.point});
        }
        if (!fields.ok()) return bad(Errc::message_bad, "evidence.journal_keys");
        return {};
    }

    base::Result<void> record(const EvidenceStanding& standing) {
        const std::string folder = record_folder(number_);
        TRY(header, file(folder + "header"));
        TRY(scopes, file(folder + "scopes"));
        TRY(jwe, file(folder + "jwe"));
        const auto bytes = [](std::string_view text) {
            return base::Bytes(text.begin(), text.end());
        };
        const auto checked = seal::check_record({bytes(header), bytes(scopes), std::string(jwe)});
        if (!checked) return bad(checked.error().code, checked.error().where);
        EvidenceRecord out{checked->header, checked->scopes, checked->leaf};
        out.on_chain = standing.on_chain;
        if (standing.leaf != out.leaf) return bad(Errc::record_bad, "evidence.leaf");
        TRY_VOID(head(folder, out));
        TRY_VOID(proof(folder, out));
        TRY_VOID(receipt(folder, out));
        out_.records.push_back(std::move(out));
        return {};
    }

    /// From the record over the links to the leaf that the terminal signed.
    base::Result<void> head(const std::string& folder, EvidenceRecord& record) {
        TRY(links, file(folder + "links"));
        TRY(jws, file(folder + "head.jws"));
        base::ByteView rest = base::as_bytes(links);
        model::RecordKey at = record.header.key;
        receipts::Hash leaf = record.leaf;
        for (; rest.size() >= model::header_bytes; rest = rest.subspan(model::header_bytes)) {
            const auto next = model::parse_header(rest.first(model::header_bytes));
            ++at.seq;
            if (!next || next->key != at || next->prev != leaf)
                return bad(Errc::record_bad, "evidence.link");
            leaf = seal::leaf_hash(rest.first(model::header_bytes));
        }
        if (!rest.empty()) return bad(Errc::record_bad, "evidence.link");
        const std::string terminal = base::to_text(at.terminal);
        const auto of_terminal = [&](const seal::NamedKey& key) { return key.kid == terminal; };
        record.terminal_key_given = std::ranges::any_of(keys_.journal, of_terminal);
        for (const auto& key : record.terminal_key_given ? keys_.journal : bundled_) {
            if (!of_terminal(key)) continue;
            const auto signed_head = seal::verify_head(jws, key.point);
            if (signed_head && signed_head->key == at && signed_head->leaf == leaf) return {};
        }
        return bad(Errc::signature_bad, "evidence.head");
    }

    base::Result<void> proof(const std::string& folder, EvidenceRecord& record) {
        TRY(text, file(folder + "log.tlog-proof"));
        const auto read = receipts::parse_log_proof(text);
        if (!read) return bad(Errc::receipt_bad, read.error().where);
        const auto& keys = keys_.log.empty() ? keys_.receipts : keys_.log;
        const auto checkpoint = receipts::verify_log_proof(*read, record.leaf, keys);
        if (!checkpoint) return bad(Errc::receipt_bad, checkpoint.error().where);
        if (checkpoint->origin != out_.about.issuer || checkpoint->head.size != out_.about.log_size)
            return bad(Errc::receipt_bad, "evidence.checkpoint");
        record.log_index = read->index;
        return {};
    }

    /// Any of the receipt keys: the key id in a token only names what signed it.
    base::Result<Receipt> verified(std::string_view set, const base::Uuid& terminal) const {
        for (const crypto::Point& key : keys_.receipts) {
            auto read = receipts::verify(set, key, terminal);
            if (read && read->issuer == out_.about.issuer) return read;
        }
        return bad(Errc::receipt_bad, "evidence.receipt_signature");
    }

    base::Result<void> receipt(const std::string& folder, EvidenceRecord& record) {
        record.has_receipt = bundle_.contains(folder + "receipt.jws");
        if (!record.has_receipt) {
            // Only what contradicts its chain gets none.
            if (record.on_chain) return bad(Errc::receipt_bad, "evidence.receipt_missing");
            return {};
        }
        TRY(set, file(folder + "receipt.jws"));
        const model::RecordKey& key = record.header.key;
        TRY(read, verified(set, key.terminal));
        const auto* event = std::get_if<receipts::Received>(&read.event);
        const receipts::ReceivedRecord wanted{key.seq, record.leaf, record.header.jwe_sha256,
                                              record.log_index};
        if (event == nullptr || event->epoch != key.epoch ||
            std::ranges::find(event->records, wanted) == event->records.end())
            return bad(Errc::receipt_bad, "evidence.receipt");
        return {};
    }

    base::Result<void> statuses() {
        TRY(text, file("statuses.json"));
        TRY(json, model::parse_json(text, limits::evidence_file_bytes_max));
        model::JsonFields fields(json);
        for (const model::Json& item :
             fields.array("statuses", limits::evidence_records_max * limits::recipients_max * 2)) {
            if (!item.is_string()) return bad(Errc::message_bad, "evidence.statuses");
            TRY_VOID(status(item.get_ref<const std::string&>()));
        }
        if (!fields.ok()) return bad(Errc::message_bad, "evidence.statuses");
        return {};
    }

    /// Said about a declaration of this bundle, to the terminal that recorded it.
    base::Result<void> status(const std::string& set) {
        if (set.size() > set_bytes_max) return bad(Errc::message_bad, "evidence.status");
        for (const EvidenceRecord& record : out_.records) {
            const auto read = verified(set, record.header.key.terminal);
            if (!read) continue;
            const auto* said = std::get_if<receipts::Applied>(&read->event);
            if (said == nullptr || said->declaration != record.scopes.declaration) continue;
            out_.statuses.push_back(*said);
            return {};
        }
        return bad(Errc::receipt_bad, "evidence.status");
    }

    /// Nothing stands under records/ but the records.
    base::Result<void> counted() {
        const auto files = static_cast<std::size_t>(std::ranges::count_if(
            bundle_, [](const auto& file) { return file.first.starts_with("records/"); }));
        std::size_t wanted = 0;
        for (const EvidenceRecord& record : out_.records) wanted += record.has_receipt ? 7 : 6;
        if (files != wanted) return bad(Errc::record_bad, "evidence.stray_file");
        return {};
    }

    const Bundle& bundle_;
    const EvidenceKeys& keys_;
    std::uint32_t number_ = 0;
    std::vector<seal::NamedKey> bundled_;
    EvidenceReport out_;
};

}  // namespace

base::Result<EvidenceReport> verify_evidence(const Bundle& bundle, const EvidenceKeys& keys) {
    return Check(bundle, keys).run();
}

}  // namespace backend
