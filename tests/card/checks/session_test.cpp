// SPDX-License-Identifier: EUPL-1.2
// The whole card under a terminal that does everything right, and then one thing wrong at a time.
#include <doctest/doctest.h>

#include "tests/card/checks/world.hpp"
#include "tests/card/oid.hpp"

namespace {

using namespace card;

TEST_CASE("session: the whole procedure gives data groups and pseudonym") {
    World w;
    CHECK(w.terminal->authenticate(w.pki, {.rights = all_rights}) == sw::ok);
    CHECK(w.terminal->authorities() == std::vector<std::string>{"DETESTCVCA00001"});
    CHECK(to_hex(w.terminal->read(4).data) == "64070C054C45594C41");
    CHECK(to_hex(w.terminal->read(8).data) == "680A12083230303930333134");
    CHECK(w.terminal->read(19).status == sw::file_missing);
    const Bytes sector = sector_key_content(w.pki.first_sector.point);
    const auto pseudonym =
        w.terminal->restricted_identification(2, sector, TerminalProbe::Sector::first);
    CHECK(pseudonym.status == sw::ok);
    CHECK(pseudonym.value.size() == 32);
    const auto again =
        w.terminal->restricted_identification(2, sector, TerminalProbe::Sector::first);
    CHECK(again.value == pseudonym.value);
    const auto other = w.terminal->restricted_identification(
        2, sector_key_content(w.pki.second_sector.point), TerminalProbe::Sector::second);
    CHECK(other.status == sw::ok);
    CHECK(other.value != pseudonym.value);
    const auto block =
        w.terminal->restricted_identification(1, sector, TerminalProbe::Sector::first);
    CHECK(block.value != pseudonym.value);
}

TEST_CASE("session: identifiers agree with the sector's own private key") {
    World w;
    REQUIRE(w.terminal->authenticate(w.pki, {.rights = all_rights}) == sw::ok);
    const auto got = w.terminal->restricted_identification(
        2, sector_key_content(w.pki.first_sector.point), TerminalProbe::Sector::first);
    const Curve curve = Curve::brainpool_256();
    const CardKeys keys = make_card_keys("leyla", 0, ChipKey::genuine);
    const auto shared = curve.multiply(keys.pseudonym.point, w.pki.first_sector.scalar);
    CHECK(got.value == hash(HashId::sha_256, curve.x_of(*shared)));
}

TEST_CASE("session: another seed is another card with another pseudonym") {
    const CardKeys first = make_card_keys("leyla", 0, ChipKey::genuine);
    const CardKeys again = make_card_keys("leyla", 0, ChipKey::genuine);
    const CardKeys second = make_card_keys("leyla", 1, ChipKey::genuine);
    const CardKeys erika = make_card_keys("erika", 0, ChipKey::genuine);
    CHECK(first.pseudonym.scalar == again.pseudonym.scalar);
    CHECK(first.pseudonym.scalar != second.pseudonym.scalar);
    CHECK(first.pseudonym.scalar != erika.pseudonym.scalar);
    CHECK(first.pseudonym.scalar != first.block_list.scalar);
}

TEST_CASE("session: a forged chip is recognised by its token") {
    World w("leyla", ChipKey::forged);
    CHECK(w.terminal->authenticate(w.pki, {.rights = all_rights}) == sw::failed);
}

TEST_CASE("access: nothing before chip authentication, EF.CardSecurity after terminal's") {
    World w;
    w.terminal->send("00A4040C09E80704007F00070302");
    CHECK(w.terminal->read(4).status == sw::security_status);
    CHECK(w.terminal->send("00A4000C023F00").status == sw::ok);
    CHECK(w.terminal->read(0x1C).status == sw::ok);
    CHECK(w.terminal->read(0x1D).status == sw::security_status);
    REQUIRE(w.pace() == sw::ok);
    CHECK(w.terminal->read(0x1D).status == sw::security_status);
    REQUIRE(w.terminal_authentication() == sw::ok);
    CHECK(w.terminal->read(0x1D).data.size() > 1000);
    CHECK(w.terminal->send("00A4040C09E80704007F00070302").status == sw::ok);
    CHECK(w.terminal->read(4).status == sw::security_status);
    CHECK(w.terminal
              ->restricted_identification(1, sector_key_content(w.pki.first_sector.point),
                                          TerminalProbe::Sector::first)
              .status == sw::security_status);
}

TEST_CASE("access: effective rights are those of PACE and of every certificate") {
    SUBCASE("the template leaves one out") {
        World w;
        REQUIRE(w.terminal->authenticate(w.pki, {.rights = only({right::read(4)})}) == sw::ok);
        CHECK(w.terminal->read(4).status == sw::ok);
        CHECK(w.terminal->read(5).status == sw::security_status);
        CHECK(w.terminal
                  ->restricted_identification(2, sector_key_content(w.pki.first_sector.point),
                                              TerminalProbe::Sector::first)
                  .status == sw::security_status);
        CHECK(w.terminal
                  ->restricted_identification(1, sector_key_content(w.pki.first_sector.point),
                                              TerminalProbe::Sector::first)
                  .status == sw::ok);
    }
    SUBCASE("the terminal certificate leaves one out") {
        World w;
        w.pki.terminal_request.rights = only({right::read(5)});
        REQUIRE(w.terminal->authenticate(w.pki, {.rights = all_rights}) == sw::ok);
        CHECK(w.terminal->read(5).status == sw::ok);
        CHECK(w.terminal->read(4).status == sw::security_status);
    }
    SUBCASE("the document verifier leaves one out") {
        World w;
        w.pki.dv_request.rights = only({right::read(5)});
        REQUIRE(w.terminal->authenticate(w.pki, {.rights = all_rights}) == sw::ok);
        CHECK(w.terminal->read(4).status == sw::security_status);
    }
}

TEST_CASE("restricted identification: the sector must be the certificate's") {
    World w;
    REQUIRE(w.terminal->authenticate(w.pki, {.rights = all_rights}) == sw::ok);
    const auto ask = [&](const Bytes& key, TerminalProbe::Sector sector) {
        return w.terminal->restricted_identification(2, key, sector).status;
    };
    const Bytes first = sector_key_content(w.pki.first_sector.point);
    CHECK(ask(first, TerminalProbe::Sector::second) == sw::wrong_data);
    CHECK(ask(sector_key_content(w.pki.dv_key.point), TerminalProbe::Sector::first) ==
          sw::wrong_data);
    CHECK(w.terminal->restricted_identification(7, first, TerminalProbe::Sector::first).status ==
          sw::reference_missing);
    CHECK(ask(first, TerminalProbe::Sector::first) == sw::ok);
}

TEST_CASE("restricted identification: a certificate without sector serves none") {
    World w;
    w.pki.terminal_request.extensions.clear();
    REQUIRE(w.terminal->authenticate(w.pki, {.rights = all_rights}) == sw::ok);
    CHECK(w.terminal
              ->restricted_identification(2, sector_key_content(w.pki.first_sector.point),
                                          TerminalProbe::Sector::first)
              .status == sw::security_status);
}

TEST_CASE("chip authentication: needs terminal authentication and the announced key") {
    World w;
    REQUIRE(w.pace() == sw::ok);
    const Bytes chip = make_card_keys("leyla", 0, ChipKey::genuine).chip.point;
    const std::string probe = "002241A40F800A04007F00070202030202840141";
    CHECK(w.terminal->send(probe).status == sw::ok);
    const KeyPair stray = generate_key(w.pki.curve);
    const std::string general = "0086000045" + to_hex(tlv(0x7C, tlv(0x80, stray.point))) + "00";
    CHECK(w.terminal->send(general).status == sw::security_status);
    REQUIRE(w.terminal_authentication() == sw::ok);
    CHECK(w.terminal->send("002241A40C800A04007F00070202030202").status == sw::security_status);
    CHECK(w.terminal->send("002241A40F800A04007F00070202030202840142").status ==
          sw::reference_missing);
    CHECK(w.terminal->send(probe).status == sw::ok);
    CHECK(w.terminal->send(general).status == sw::not_usable);
    CHECK(w.terminal->chip_authentication(chip) == sw::ok);
}

TEST_CASE("auxiliary data: age, validity and community answer yes or no") {
    World w("birth_without_day");  // 1996-07, day unknown; expires 2033-06-30; 02761100000000
    const auto run = [&](const char* birth, const char* valid, View community) {
        const Bytes place = tlv(0x73, {tlv(0x06, oid::community_id), tlv(0x53, community)});
        const Bytes auxiliary = join({auxiliary_template(oid::date_of_birth, birth),
                                      auxiliary_template(oid::date_of_expiry, valid), place});
        REQUIRE(w.terminal->authenticate(w.pki, {.rights = all_rights}, auxiliary) == sw::ok);
    };
    const auto verify = [&](char last) {
        return w.terminal->send(std::string("002080000B060904007F00070301040") + last).status;
    };
    SUBCASE("yes") {
        run("19960731", "20330630", *from_hex("027611"));
        CHECK(verify('1') == sw::ok);
        CHECK(verify('2') == sw::ok);
        CHECK(verify('3') == sw::ok);
    }
    SUBCASE("no: blanks count as the latest possible day") {
        run("19960730", "20330701", *from_hex("027612"));
        CHECK(verify('1') == sw::failed);
        CHECK(verify('2') == sw::failed);
        CHECK(verify('3') == sw::failed);
    }
    SUBCASE("nothing announced") {
        REQUIRE(w.terminal->authenticate(w.pki, {.rights = all_rights}) == sw::ok);
        CHECK(verify('1') == sw::reference_missing);
    }
    SUBCASE("no right") {
        REQUIRE(w.terminal->authenticate(w.pki, {.rights = only({right::read(4)})},
                                         auxiliary_template(oid::date_of_birth, "20080101")) ==
                sw::ok);
        CHECK(verify('1') == sw::security_status);
    }
}

TEST_CASE("secure messaging: a wrong MAC kills the channel, a plain command ends it") {
    SUBCASE("wrong MAC") {
        World w;
        REQUIRE(w.pace() == sw::ok);
        w.terminal->break_next_mac();
        CHECK(w.terminal->send("00A4000C023F00").status == sw::sm_objects_wrong);
        CHECK_FALSE(w.card->status().pace);
    }
    SUBCASE("plain command") {
        World w;
        REQUIRE(w.terminal->authenticate(w.pki, {.rights = all_rights}) == sw::ok);
        CHECK(w.terminal->send_raw(*from_hex("00A4000C023F00")).status == sw::ok);
        CHECK_FALSE(w.card->status().pace);
        CHECK(w.terminal->send("00B0840010").status == sw::sm_objects_wrong);
    }
    SUBCASE("Le DF fits, E0 does not") {
        World w;
        REQUIRE(w.pace() == sw::ok);
        REQUIRE(w.terminal_authentication() == sw::ok);
        REQUIRE(w.terminal->send("00A4020C02011E").status == sw::file_missing);
        REQUIRE(w.terminal->send("00A4020C02011D").status == sw::ok);
        CHECK(w.terminal->send("00B00000DF").data.size() == 0xDF);
        CHECK(w.terminal->send("00B00000E0").status == sw::wrong_length);
        CHECK(w.terminal->send("00B00000000400").data.size() == 0x400);
    }
    SUBCASE("power-up forgets everything") {
        World w;
        REQUIRE(w.pace() == sw::ok);
        w.card->power_up();
        CHECK(w.terminal->send("00B0840010").status == sw::sm_objects_wrong);
    }
}

TEST_CASE("commands: lengths, classes, instructions and order are checked") {
    World w;
    const auto raw = [&](const char* hex) { return w.terminal->send_raw(*from_hex(hex)).status; };
    CHECK(raw("00A4") == sw::wrong_length);
    CHECK(raw("00A4000C033F00") == sw::wrong_length);
    CHECK(raw("80A4000C023F00") == sw::unknown_class);
    CHECK(raw("FF9A010100") == sw::unknown_class);
    CHECK(raw("00CA000000") == sw::unknown_instruction);
    CHECK(raw("00B0000010") == sw::no_current_file);
    CHECK(raw("00B09C0010") == sw::ok);
    CHECK(raw("00B07FFF10") == sw::beyond_end);
    CHECK(raw("00B09D0010") == sw::security_status);
    CHECK(raw("0086000002 7C00 00") == sw::conditions);
    CHECK(raw("0022C1A4") == sw::wrong_data);
    CHECK(raw("0022C1A40F800A04007F00070202040202830103") == sw::ok);
    CHECK(raw("0086000002 7C00 00") == sw::chaining_expected);
    CHECK(raw("1086000002 7C00 00") == sw::conditions);
    CHECK(raw("0022C1A40F800A04007F00070202040202830107") == sw::reference_missing);
    CHECK(raw("0022C1A40F800A04007F00070202040204830103") == sw::wrong_data);
    CHECK(raw("0084000008") == sw::security_status);
    CHECK(raw("0020800003060100") == sw::security_status);
    CHECK(raw("002C0303") == sw::security_status);
    CHECK(raw("00441003") == sw::security_status);
}

TEST_CASE("files: the end of a file") {
    World w;
    const auto all = w.terminal->read(0x1C).data;
    const auto at = [&](std::size_t offset, std::size_t length) {
        Command command;
        command.ins = 0xB0;
        command.p1 = static_cast<std::uint8_t>(offset >> 8U);
        command.p2 = static_cast<std::uint8_t>(offset);
        command.expected = length;
        return w.terminal->send(command);
    };
    CHECK(at(all.size() - 5, 5).status == sw::ok);
    CHECK(at(all.size() - 5, 6).status == sw::end_of_file);
    CHECK(at(all.size() - 5, 6).data.size() == 5);
    CHECK(at(all.size() - 5, 256).status == sw::ok);
    CHECK(at(all.size(), 1).status == sw::beyond_end);
}

TEST_CASE("chaining: a certificate and a sector key in pieces") {
    World w;
    REQUIRE(w.pace() == sw::ok);
    const Bytes dv = w.pki.dv();
    const auto outer = parse_single(dv, 0x7F21);
    const Bytes content = to_bytes(outer->value);
    CHECK(w.terminal->send("002281B611830F" + to_hex(to_bytes(std::string_view("DETESTCVCA00001"))))
              .status == sw::ok);
    Command piece;
    piece.cla = 0x10;
    piece.ins = 0x2A;
    piece.p2 = 0xBE;
    piece.data = to_bytes(View(content).first(100));
    CHECK(w.terminal->send(piece).status == sw::ok);
    piece.cla = 0x00;
    piece.data = to_bytes(View(content).subspan(100));
    CHECK(w.terminal->send(piece).status == sw::ok);
}

}  // namespace
