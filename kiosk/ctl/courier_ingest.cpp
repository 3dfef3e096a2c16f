// SPDX-License-Identifier: EUPL-1.2
#include "kiosk/ctl/courier_ingest.hpp"

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

#include "drivers/base/limits.hpp"
#include "drivers/base/secret.hpp"
#include "drivers/crypto/key_file.hpp"
#include "drivers/crypto/random.hpp"
#include "drivers/keys/private_file.hpp"
#include "drivers/os/system_clock.hpp"
#include "drivers/usb/folder_store.hpp"
#include "kiosk/ctl/files.hpp"
#include "sync/backend/courier/stick_ingest.hpp"
#include "sync/backend/log/log_names.hpp"
#include "sync/backend/service/sequencer_thread.hpp"
#include "sync/backend/service/service.hpp"
#include "sync/backend/store/open.hpp"
#include "sync/model/json.hpp"

namespace ctl {
namespace {

using base::Errc;

/// Views follow the log by themselves as soon as a backend with that role runs.
class NobodyListens final : public backend::LogListener {
  public:
    void log_grew() override {}
};

base::Result<crypto::KeyPair> read_receipt_key(std::string_view file) {
    TRY(bytes,
        keys::read_file(std::string(file), limits::config_bytes_max, keys::Access::owner_only));
    auto key = crypto::parse_private_key(bytes);
    base::wipe(bytes);
    if (key && key->point.curve != crypto::Curve::p256)
        return base::fail(Errc::key_bad, "courier receipt key");
    return key;
}

base::Result<backend::StickReport> ingest(const Options& options) {
    TRY(stick, usb::FolderStore::open(std::string(options.words()[1]), usb::Mount::any));
    const std::string database = backend::sqlite_file(std::string(*options.value("--store")));
    std::error_code error;
    if (!database.empty() && !std::filesystem::exists(database, error)) {
        std::fprintf(stderr, "no database at %s: is the name in --store right?\n",
                     database.c_str());
        return base::fail(base::Errc::file_io, "store.missing", ENOENT);
    }
    TRY(stores, backend::open_stores(std::string(*options.value("--store"))));
    TRY(store, stores->open());
    // As at a start of the backend: a proof of growth needs the tree's nodes.
    TRY_VOID(backend::complete_nodes(*store));
    TRY(key, read_receipt_key(*options.value("--receipt-key")));
    TRY(log_key, read_receipt_key(
                     options.value("--checkpoint-key").value_or(*options.value("--receipt-key"))));
    const std::string issuer(options.value("--issuer").value_or("urn:freigabe:backend"));
    TRY_VOID(backend::enter_log(*store, issuer));
    os::SystemClock clock;
    crypto::SystemRandom random;
    backend::ReceiptIssuer receipts(issuer, {key, clock, random});
    backend::Counters counters;
    NobodyListens nobody;
    // On a database that other instances write to, whoever holds the lease gives out the places.
    std::unique_ptr<backend::SequencerThread> sequencer;
    if (stores->shared()) {
        TRY(own_store, stores->open());
        backend::Lease::Holder holder{};
        random.fill(holder);
        sequencer = std::make_unique<backend::SequencerThread>(
            backend::SequencerThread::Parts{std::move(own_store), holder, nobody, clock});
    }
    backend::Contacts contacts;
    backend::TerminalRoutes terminals(
        {*store, receipts, clock, counters, nobody, contacts, sequencer.get()});
    const backend::LogSigner signer(issuer, {&log_key, 1}, random);
    backend::LogRoutes log({*store, signer, counters});
    backend::Service service({*store, clock, counters, &terminals, nullptr, nullptr, nullptr, log,
                              nullptr, contacts, ""});
    return backend::StickIngest({*store, service}).run(stick);
}

/// What to do next about one terminal; null if the error says it all.
const char* hint_for(const base::Error& error) {
    switch (error.code) {
        case Errc::peer_not_allowed:
            return "this terminal is enrolled at another backend, or not yet at this one";
        case Errc::signature_bad:
            return "not signed by this terminal: the stick was changed, or prepared by somebody "
                   "else";
        case Errc::busy:
            return "take the stick in again; nothing is lost and nothing counts twice";
        case Errc::file_io:
            return "the stick could not be read or written: its records that were taken are safe, "
                   "repeat it";
        default:
            return nullptr;
    }
}

void print_text(const backend::StickReport& report) {
    for (const auto& each : report.terminals) {
        std::printf("%s  ", base::to_text(each.terminal).c_str());
        if (each.error) {
            std::printf("refused: %s, %s (%d)\n", each.error->where,
                        base::name(each.error->code).data(), static_cast<int>(each.error->code));
            if (const char* hint = hint_for(*each.error)) std::printf("    %s\n", hint);
            continue;
        }
        std::printf("%zu of %zu files taken, %zu pages of events go back\n", each.taken, each.files,
                    each.events);
        if (each.revoked) {
            std::printf(
                "    out of service: what it took back was kept and counts, the rest not. "
                "Ask for a new terminal; this stick need not be taken in again\n");
        }
        for (const auto& damaged : each.damaged)
            std::printf("    %s: %s\n", courier::to_text(damaged.name).c_str(),
                        damaged.error.where);
        for (const courier::Refusal& refused : each.refused) {
            std::printf("    %s: %u %s\n", courier::to_text(refused.name).c_str(), refused.status,
                        refused.type.c_str());
        }
    }
    if (report.foreign > 0) std::printf("%zu foreign names were left alone\n", report.foreign);
    if (report.terminals.empty()) std::printf("nothing of a terminal on this stick\n");
}

void print_json(const backend::StickReport& report) {
    std::vector<std::string> terminals;
    for (const auto& each : report.terminals) {
        model::JsonWriter out;
        out.text("terminal", base::to_text(each.terminal))
            .number("files", each.files)
            .number("taken", each.taken)
            .number("events", each.events)
            .number("refused", each.refused.size())
            .boolean("revoked", each.revoked)
            .number("damaged", each.damaged.size());
        if (each.error) {
            out.number("errc", static_cast<std::uint64_t>(each.error->code))
                .text("why", each.error->where);
        }
        terminals.push_back(out.done());
    }
    std::printf("%s\n", model::JsonWriter()
                            .boolean("whole", report.whole())
                            .number("foreign", report.foreign)
                            .raw("terminals", model::json_array(terminals))
                            .done()
                            .c_str());
}

}  // namespace

int courier_ingest(const Options& options) {
    const auto report = ingest(options);
    if (!report) {
        print_error(report.error());
        std::fputs(backend::remedy_of(report.error()).c_str(), stderr);
        return exit_failed;
    }
    options.has("--json") ? print_json(*report) : print_text(*report);
    return report->whole() && !report->terminals.empty() ? exit_ok : exit_failed;
}

}  // namespace ctl
