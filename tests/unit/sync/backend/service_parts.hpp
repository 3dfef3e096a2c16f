// SPDX-License-Identifier: EUPL-1.2
// Every part of a backend that serves a request, on a database in memory, with three authorities
// and one enrolled terminal whose people declare for real. Without a test framework, so that the
// fuzz target of the routes stands on it, too.
#pragma once

#include <memory>

#include "sync/backend/service/service.hpp"
#include "tests/unit/sync/backend/people.hpp"

namespace test {

inline constexpr const char* directory_json = R"({
    "amt-a":{"name":"Amt A","secret":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"},
    "amt-b":{"name":"Amt B","secret":"BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBA"},
    "amt-c":{"name":"Amt C","secret":"CCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCA"}})";

struct ServiceParts {
    ServiceParts();
    ServiceParts(const ServiceParts&) = delete;
    ServiceParts& operator=(const ServiceParts&) = delete;

    SeededRandom random{21};
    ManualClock clock;
    std::unique_ptr<backend::Store> store = memory_store();
    crypto::KeyPair receipt_key = crypto::generate_key(crypto::Curve::p256, random);
    crypto::KeyPair views_key = crypto::generate_key(crypto::Curve::p256, random);
    backend::Directory directory;
    backend::ReceiptIssuer issuer{"urn:test", {receipt_key, clock, random}};
    backend::Opener opener{{&views_key, 1}, random};
    backend::Projector projector{{*store, opener, directory, issuer, clock}};
    backend::Desk desk{{*store, opener, directory, issuer, clock}};
    backend::ChangeFeed feed{{*store, issuer, clock}};
    backend::AccessBook accesses{{*store, opener, clock}};
    backend::ExchangeRoutes exchange{{*store, accesses, directory, clock}};
    backend::InsightDesk insight_desk{{*store, directory, clock}};
    backend::PortalLinks portal_links{{*store, {&views_key, 1}, clock, random}};
    backend::InvitationDesk invitations{{*store, directory, {&views_key, 1}, clock, random}};
    backend::ConsentExport consents{{*store, opener, directory, clock}};
    backend::InsightRoutes insight{{*store,
                                    insight_desk,
                                    invitations,
                                    portal_links,
                                    projector,
                                    {&views_key, 1},
                                    receipt_key,
                                    clock,
                                    random}};
    backend::PortalRoutes portal{{*store, portal_links, insight_desk, consents, projector, clock}};
    backend::AuthorityRoutes authorities{{desk, projector, feed, exchange, directory}};
    backend::Counters counters;
    backend::Contacts contacts;
    struct Nobody final : backend::LogListener {
        void log_grew() override {}
    } nobody;
    backend::TerminalRoutes terminals{{*store, issuer, clock, counters, nobody, contacts}};
    backend::LogSigner log_signer{"urn:test", {&receipt_key, 1}, random};
    backend::LogRoutes log{{*store, log_signer, counters}};
    backend::Service service{{*store, clock, counters, &terminals, &authorities, &insight, &portal,
                              log, nullptr, contacts, ""}};
    Terminal terminal{1, random};
    Story story{{terminal, views_key.point, random, start_ms}};
};

}  // namespace test
