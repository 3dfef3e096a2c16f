// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/fitconnect/submitter.hpp"

#include <algorithm>

#include "drivers/base/check.hpp"
#include "drivers/base/encoding.hpp"
#include "drivers/base/limits_fitconnect.hpp"
#include "drivers/base/log.hpp"
#include "drivers/crypto/digest.hpp"
#include "sync/model/json.hpp"

namespace backend {
namespace {

using base::Errc;

constexpr const char* metadata_schema =
    "https://schema.fitko.de/fit-connect/metadata/1.3.0/metadata.schema.json";
constexpr const char* fit_content_type = "application/json";

/// What the recipient's software needs to take the data apart, and their hash.
std::string metadata_of(const FitAccount& account, std::string_view data) {
    const std::string hash =
        base::to_hex(crypto::digest(crypto::Hash::sha512, base::as_bytes(data)));
    const std::string content =
        model::JsonWriter()
            .raw("data",
                 model::JsonWriter()
                     .raw("hash",
                          model::JsonWriter().text("type", "sha512").text("content", hash).done())
                     .raw("submissionSchema", model::JsonWriter()
                                                  .text("schemaUri", account.data_schema)
                                                  .text("mimeType", fit_content_type)
                                                  .done())
                     .done())
            .raw("attachments", "[]")
            .done();
    return model::JsonWriter()
        .text("$schema", metadata_schema)
        .raw("contentStructure", content)
        .raw("publicServiceType", model::JsonWriter()
                                      .text("name", account.service_name)
                                      .text("identifier", account.service_identifier)
                                      .done())
        .done();
}

/// True if the other side has understood the request and has said no.
bool is_refusal(const base::Error& error) {
    return error.code == Errc::http_status && error.detail >= 400 && error.detail < 500 &&
           error.detail != 401 && error.detail != 408 && error.detail != 429;
}
bool is_gone(const base::Error& error) {
    return error.code == Errc::http_status && (error.detail == 404 || error.detail == 410);
}

}  // namespace

base::Result<std::size_t> Submitter::step() {
    const std::uint64_t now_ms = parts_.clock.wall_ms();
    for (const auto& [authority, destination] : parts_.account.destinations) {
        TRY_VOID(enqueue_changes(parts_.store, authority, now_ms));
    }
    TRY(rows, claim_due(parts_.store, now_ms, now_ms + limits::fit_claim_ms));
    for (Submission& row : rows) TRY_VOID(work(std::move(row)));
    return rows.size();
}

base::Result<void> Submitter::work(Submission row) {
    if (!parts_.account.destinations.contains(row.authority)) {
        // Taken out of the account: nothing is lost, and it goes on when it is back.
        return store_submission(parts_.store, row,
                                parts_.clock.wall_ms() + limits::fit_retry_ms_max);
    }
    next_ms_ = parts_.clock.wall_ms();
    base::Result<void> done;
    switch (row.state) {
        case SubmissionState::due:
            done = announce(row);
            break;
        case SubmissionState::announced:
            done = send(row);
            break;
        case SubmissionState::sent:
        case SubmissionState::accepted:
            done = look(row);
            break;
    }
    if (done) {
        row.tries = 0;
    } else {
        base::log_error(done.error());
        ++row.tries;
        next_ms_ = parts_.clock.wall_ms() + wait_after_failure(row);
    }
    if (row.state == SubmissionState::accepted) TRY_VOID(parts_.accepted(row));
    TRY(transaction, Transaction::begin(parts_.store));
    TRY_VOID(store_submission(parts_.store, row, next_ms_));
    return transaction.commit();
}

std::uint64_t Submitter::wait_after_failure(const Submission& row) const {
    const std::uint64_t doublings = std::min<std::uint64_t>(row.tries, 20);
    return std::min(limits::fit_retry_ms_max, limits::fit_retry_ms_min << (doublings - 1));
}

void Submitter::start_over(Submission& row) const {
    row.state = SubmissionState::due;
    row.submission.reset();
    row.case_id.reset();
    row.metadata.clear();
    row.data.clear();
    row.announced_ms = row.sent_ms = 0;
}

base::Result<void> Submitter::announce(Submission& row) {
    const base::Uuid& destination = parts_.account.destinations.find(row.authority)->second;
    // Everything that can fail at our side comes first, so that no announcement is made in vain.
    TRY(key, parts_.service.encryption_key(destination));
    TRY(text, parts_.text(row));
    auto data = seal::seal_rsa_jwe(base::as_bytes(text), key, fit_content_type, parts_.random);
    const std::string about = metadata_of(parts_.account, text);
    base::wipe_memory(text.data(), text.size());
    if (!data) return tl::unexpected(data.error());
    TRY(metadata, seal::seal_rsa_jwe(base::as_bytes(about), key, fit_content_type, parts_.random));
    TRY(announced, parts_.service.announce(destination));
    row.submission = announced.submission;
    row.case_id = announced.case_id;
    row.metadata = std::move(metadata);
    row.data = std::move(*data);
    row.announced_ms = parts_.clock.wall_ms();
    row.state = SubmissionState::announced;
    return {};
}

base::Result<void> Submitter::send(Submission& row) {
    const auto sent = parts_.service.submit(*row.submission, row.metadata, row.data);
    const auto now_ms = parts_.clock.wall_ms();
    if (sent) {
        row.state = SubmissionState::sent;
        row.sent_ms = now_ms;
        next_ms_ = now_ms + parts_.account.look_ms;
        return {};
    }
    // An earlier PUT may have arrived although its answer did not: its log knows.
    if (!is_refusal(sent.error())) return sent;
    const auto word = ask_log(row);
    if (word && (word->arrived || word->accepted || word->rejected)) {
        row.state = SubmissionState::sent;
        row.sent_ms = now_ms;
        return {};
    }
    const bool vanished = is_gone(sent.error()) && (word || is_gone(word.error()));
    const bool too_old = now_ms > row.announced_ms + limits::fit_announced_ms_max;
    // Only what the other side does not have, or will not take any more, is announced anew.
    if (vanished || (word && too_old)) {
        start_over(row);
        return {};
    }
    return sent;
}

base::Result<void> Submitter::look(Submission& row) {
    const auto now_ms = parts_.clock.wall_ms();
    const auto word = ask_log(row);
    const bool unfetched = now_ms > row.sent_ms + limits::fit_fetched_ms_max;
    if (!word && !(unfetched && is_gone(word.error()))) return tl::unexpected(word.error());
    if (word && word->accepted) {
        row.state = SubmissionState::accepted;
        row.metadata.clear();
        row.data.clear();
        return {};
    }
    if ((word && word->rejected) || unfetched) {
        ++row.refusals;
        base::log(base::LogEvent::alarm_raised,
                  {{"kind", unfetched ? "fit_unfetched" : "fit_rejected"},
                   {"count", static_cast<std::int64_t>(row.refusals)}});
        start_over(row);
        next_ms_ = unfetched ? now_ms : now_ms + limits::fit_refused_ms;
        return {};
    }
    next_ms_ = now_ms + limits::fit_look_again_ms;
    return {};
}

base::Result<Submitter::Word> Submitter::ask_log(const Submission& row) {
    const base::Uuid& destination = parts_.account.destinations.find(row.authority)->second;
    const SentSubmission sent{base::to_text(destination), base::to_text(*row.submission),
                              base::to_text(*row.case_id), seal::authentication_tag(row.metadata),
                              seal::authentication_tag(row.data)};
    TRY(sets, parts_.service.events(*row.case_id));
    Word word;
    for (const std::string& set : sets) {
        const auto event = read_case_event(set, sent);
        // One entry that we do not understand must not hide the others.
        if (!event) base::log_error(event.error());
        if (!event || event->kind == CaseEventKind::other) continue;
        if (event->kind == CaseEventKind::submitted) {
            // Nothing is dropped on this word alone, so the connection's own proof is enough.
            word.arrived = true;
            continue;
        }
        if (event->issuer != sent.destination) continue;
        TRY(key, parts_.service.signature_key(destination, event->jws.kid));
        if (!seal::verify(event->jws, key.key)) {
            base::log_error({Errc::signature_bad, "fitconnect set"});
            continue;
        }
        word.accepted = word.accepted || event->kind == CaseEventKind::accepted;
        word.rejected = word.rejected || event->kind == CaseEventKind::rejected;
    }
    return word;
}

}  // namespace backend
