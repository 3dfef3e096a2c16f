// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/evidence/export.hpp"

#include <set>

#include "drivers/base/limits_evidence.hpp"
#include "drivers/crypto/digest.hpp"
#include "drivers/crypto/ecdsa.hpp"
#include "sync/backend/evidence/collect.hpp"
#include "sync/backend/ingest/terminals.hpp"
#include "sync/backend/log/nodes.hpp"
#include "sync/backend/log/receipts.hpp"
#include "sync/backend/store/columns.hpp"
#include "sync/model/json.hpp"
#include "sync/receipts/log_proof.hpp"
#include "sync/seal/jwk.hpp"

namespace backend {
namespace {

constexpr Statement find_statuses{
    "SELECT authority, state, at_ms FROM status WHERE declaration = $1 ORDER BY authority"};

constexpr std::string_view readme =
    "Evidence about one declaration. The declaration itself is sealed in each record's jwe.\n"
    "By machine:  freigabectl evidence verify FOLDER --key RECEIPTS.pem\n"
    "By hand, with public keys that you got another way than with this folder:\n"
    "  openssl dgst -sha256 -verify RECEIPTS.pem -signature SHA256SUMS.sig SHA256SUMS\n"
    "  sha256sum -c SHA256SUMS\n"
    "  header bytes 61..92 are the SHA-256 of jwe, 93..124 that of scopes (from 0)\n"
    "  leaf = SHA-256 of a zero byte and header; each header in links names at 29..60 the leaf "
    "before\n"
    "  it; head.jws (JWS, ES256, the terminal's journal key) signs the last leaf\n"
    "  receipt.jws (SET, the receipt key) names leaf, SHA-256 of jwe and the place in the log\n"
    "  log.tlog-proof (c2sp.org/tlog-proof) leads from the leaf to the signed checkpoint\n"
    "  effects.json says which record ended which; statuses.json what authorities said (SETs)\n";

class Export {
  public:
    Export(Store& store, const EvidenceSigners& signers)
        : store_(store),
          signers_(signers),
          issuer_(signers.issuer, {signers.receipt_key, signers.clock, signers.random}) {}

    base::Result<Bundle> run(const EvidenceRequest& request) {
        // Everything of one moment; nothing is written, so it ends without effect.
        const auto moment = Transaction::begin(store_);
        if (!moment) return tl::unexpected(moment.error());
        TRY(head, read_log_head(store_));
        head_ = head;
        TRY(collected, collect_evidence(store_, request.declaration));
        TRY(checkpoint, signers_.log.sign(head_));
        checkpoint_ = std::move(checkpoint);
        std::size_t number = 0;
        for (const CollectedRecord& record : collected.records)
            TRY_VOID(add(record_folder(++number), record));
        TRY_VOID(add_keys(collected));
        TRY_VOID(add_statuses(collected));
        files_["effects.json"] = to_json(collected.effects);
        files_["README.txt"] = readme;
        files_["about.json"] = to_json(About{signers_.issuer, request.declaration,
                                             signers_.clock.wall_ms(), head_.size, number});
        if (request.catalogue) files_["catalogue.jws"] = *request.catalogue;
        TRY_VOID(sign());
        return std::move(files_);
    }

  private:
    base::Result<void> add(const std::string& folder, const CollectedRecord& record) {
        files_[folder + "header"] = base::as_text(record.record.header);
        files_[folder + "scopes"] = base::as_text(record.record.scopes);
        files_[folder + "jwe"] = record.record.jwe;
        files_[folder + "head.jws"] = record.head;
        files_[folder + "links"] = base::as_text(record.links);
        StoredNodes nodes(store_);
        TRY(hashes, receipts::prove_inclusion(nodes, record.log_index, head_.size));
        files_[folder + "log.tlog-proof"] =
            to_text(receipts::LogProof{record.log_index, std::move(hashes), checkpoint_});
        if (record.quarantined) return {};
        const LoggedRecord logged{record.place.seq, record.leaf, record.record.header,
                                  record.log_index};
        const auto lane = record.on_chain ? receipts::Lane::chain : receipts::Lane::advance;
        TRY(set, issuer_.received(record.place, lane, {logged}, head_.size));
        files_[folder + "receipt.jws"] = std::move(set);
        return {};
    }

    base::Result<void> add_keys(const Collected& collected) {
        std::set<base::Uuid> terminals;
        for (const auto& record : collected.records) terminals.insert(record.place.terminal);
        std::vector<std::string> keys;
        for (const base::Uuid& terminal : terminals) {
            TRY(points, journal_keys(store_, terminal));
            for (const crypto::Point& point : points)
                keys.push_back(seal::write_public_jwk({base::to_text(terminal), point}));
        }
        files_["journal-keys.json"] =
            model::JsonWriter().raw("keys", model::json_array(keys)).done() + "\n";
        return {};
    }

    base::Result<void> add_statuses(const Collected& collected) {
        std::vector<std::string> sets;
        std::set<base::Uuid> seen;
        for (const auto& record : collected.records) {
            const auto scopes = model::parse_scopes(record.record.scopes);
            CHECK(scopes.has_value());  // it was checked before it was stored
            if (!seen.insert(scopes->declaration).second) continue;
            TRY(rows, store_.run(find_statuses, {scopes->declaration.get()}));
            for (const Row& row : rows) {
                TRY(set, status(record.place.terminal, scopes->declaration, row));
                sets.push_back(model::json_quote(set));
            }
        }
        files_["statuses.json"] =
            model::JsonWriter().raw("statuses", model::json_array(sets)).done() + "\n";
        return {};
    }

    base::Result<std::string> status(const base::Uuid& terminal, const base::Uuid& declaration,
                                     const Row& row) {
        receipts::Applied said{declaration, model::AuthorityId(row.text(0)), {}, row.count(2)};
        for (const auto state :
             {receipts::AppliedState::received, receipts::AppliedState::acknowledged,
              receipts::AppliedState::applied, receipts::AppliedState::withheld_by_source,
              receipts::AppliedState::not_usable})
            if (receipts::word(state) == row.text(1)) said.state = state;
        return issuer_.applied(terminal, said);
    }

    base::Result<void> sign() {
        const std::string sums = sums_of(files_);
        TRY(plain, crypto::ecdsa_sign(signers_.receipt_key, crypto::sha256(base::as_bytes(sums)),
                                      signers_.random));
        files_[std::string(evidence_sums)] = sums;
        files_[std::string(evidence_signature)] = base::as_text(crypto::signature_to_der(plain));
        return {};
    }

    Store& store_;
    const EvidenceSigners& signers_;
    ReceiptIssuer issuer_;
    LogHead head_;
    std::string checkpoint_;
    Bundle files_;
};

}  // namespace

base::Result<Bundle> export_evidence(Store& store, const EvidenceSigners& signers,
                                     const EvidenceRequest& request) {
    if (request.catalogue && request.catalogue->size() > limits::evidence_file_bytes_max)
        return base::fail(base::Errc::message_too_large, "evidence.catalogue");
    return Export(store, signers).run(request);
}

}  // namespace backend
