// SPDX-License-Identifier: EUPL-1.2
// syncd's courier between a real journal and a stick in memory, without sockets: the kiosk's
// answers come from the same code that its outbox server uses. One thread.
#pragma once

#include "drivers/base/check.hpp"  // before doctest.h, whose CHECK counts in tests

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "drivers/base/limits.hpp"
#include "sync/courier/folder_reader.hpp"
#include "sync/courier/folder_writer.hpp"
#include "sync/model/json.hpp"
#include "sync/outbox/client.hpp"
#include "sync/outbox/responder.hpp"
#include "sync/receipts/checkpoint.hpp"
#include "sync/seal/jws.hpp"
#include "tests/fakes/journal_world.hpp"
#include "tests/fakes/plain_source.hpp"
#include "tests/fakes/usb_stick.hpp"

namespace test {

/// A journal as the kiosk's runtime offers it.
class JournalSource final : public fakes::PlainSource {
  public:
    JournalSource(journal::Journal& journal, fakes::JournalWorld& world)
        : journal_(journal), world_(world) {}

    base::Result<std::string> next_batch() override {
        return journal_.next_batch(limits::batch_records_max);
    }
    base::Result<std::string> next_advance() override { return journal_.next_advance(); }
    base::Result<void> store_receipt(std::string_view set) override {
        return journal_.store_receipt(set);
    }
    base::Result<void> store_event(std::uint64_t n, std::string_view set) override {
        return journal_.store_event(n, set);
    }
    base::Result<std::uint64_t> event_cursor() override { return journal_.event_cursor(); }
    base::Result<std::uint64_t> log_size() override { return journal_.log_size(); }
    base::Result<void> store_checkpoint(std::string_view note, base::ByteView proof) override {
        return journal_.store_checkpoint(note, receipts::hashes_of(proof));
    }
    base::Result<std::string> body_after(const outbox::PullAfter& place) override {
        const journal::Behind behind{place.epoch, place.seq};
        return place.lane == outbox::Lane::batch ? journal_.batch_after(behind, records_max)
                                                 : journal_.advance_after(behind);
    }
    base::Result<std::string> sign_manifest(std::string_view payload) override {
        seal::StoreSigner signer(world_.keys, journal::journal_key_name);
        seal::JwsHeader header;
        header.typ = std::string(courier::typ_manifest);
        header.kid = base::to_text(world_.terminal);
        return seal::sign_compact(header, base::as_bytes(payload), signer);
    }

    outbox::DownstreamSink* downstream() override { return sink; }

    outbox::DownstreamSink* sink = nullptr;  ///< null: nothing comes down to this terminal
    std::size_t records_max = 3;             ///< of one batch: small, so that a test has several

  private:
    journal::Journal& journal_;
    fakes::JournalWorld& world_;
};

/// The kiosk's answers without a socket; `gone` is a kiosk that does not answer.
class DirectClient final : public outbox::Client {
  public:
    DirectClient(outbox::Source& source, port::Clock& clock)
        : Client("/nowhere", clock, -1), responder_(source) {}
    bool gone = false;

  protected:
    base::Result<outbox::Answer> ask(const outbox::Request& request) override {
        if (gone) return base::fail(base::Errc::network_unreachable, "test");
        // Over the real frames, so that their bounds hold.
        outbox::FrameReader reader(outbox::Towards::kiosk);
        TRY(used, reader.feed(outbox::write_request(request)));
        (void)used;
        TRY(back, outbox::read_request(reader.take()));
        return responder_.answer(back);
    }

  private:
    outbox::Responder responder_;
};

/// A terminal with a stick in it.
struct CourierWorld {
    CourierWorld() : journal(world.open()), source(journal, world), kiosk(source, world.clock) {}

    void declare(const model::Declaration& declaration) {
        REQUIRE(journal.append(declaration, journal::Slip::none));
    }
    [[nodiscard]] std::uint64_t unsent() { return journal.status()->unsent; }
    [[nodiscard]] std::string out_path(const std::string& name) const {
        return courier::folder_of(courier::Direction::out, world.terminal) + "/" + name;
    }
    [[nodiscard]] static std::string receipts_body(const std::vector<std::string>& sets) {
        model::JsonWriter out;
        out.texts("receipts", sets).number("next_seq", 1).number("epoch", 1);
        return out.done();
    }
    /// The backend's answers to an export, written as its ingest does.
    void answer(std::uint64_t issued_s = 1'764'000'000) {
        using courier::FileKind;
        const auto read = courier::read_out(stick, world.terminal);
        REQUIRE(read);
        courier::FolderWriter in(stick, courier::Direction::in, world.terminal);
        REQUIRE(in.begin());
        for (const auto& file : read->manifest.files) {
            const auto body =
                courier::read_file(stick, {courier::Direction::out, world.terminal}, file);
            REQUIRE(body);
            const bool ahead = file.name.kind == FileKind::advance;
            const std::string set = ahead ? world.receipt_for_advance(*body, issued_s)
                                          : world.receipt_for_batch(*body, issued_s);
            REQUIRE(in.add(
                {ahead ? FileKind::advance_receipts : FileKind::batch_receipts, file.name.number},
                receipts_body({set})));
        }
        REQUIRE(in.add({FileKind::events, 1}, events_body(read->manifest.events_after + 1)));
        REQUIRE(in.add({FileKind::growth, 1}, growth_body()));
        REQUIRE(in.finish(courier::encode(courier::InManifest{world.terminal, in.files(), {}})));
    }
    /// One event with this number.
    [[nodiscard]] std::string events_body(std::uint64_t n) {
        const receipts::Applied applied{*base::parse_uuid("0190a0b0-0000-7000-8000-0000000000ff"),
                                        model::AuthorityId("jobcenter"),
                                        receipts::AppliedState::applied, 1'764'000'000'000};
        const std::string set = world.sign({"https://backend.test", 1'764'000'000,
                                            "event-" + std::to_string(n), world.terminal, applied});
        const std::string item = model::JsonWriter().number("n", n).text("set", set).done();
        return model::JsonWriter().raw("events", "[" + item + "]").number("next", n).done();
    }
    /// The first checkpoint of a log: of two records, so that no proof is needed behind none.
    [[nodiscard]] std::string growth_body() {
        seal::PairSigner signer(world.receipt, world.random);
        const receipts::Checkpoint checkpoint{"urn:test", {2, receipts::Hash{7}}};
        const auto note = receipts::sign_checkpoint(checkpoint, world.receipt.point, signer);
        REQUIRE(note);
        return model::JsonWriter().text("checkpoint", *note).raw("proof", "[]").done();
    }

    fakes::JournalWorld world;
    fakes::UsbStick stick;
    journal::Journal journal;
    JournalSource source;
    DirectClient kiosk;
};

}  // namespace test
