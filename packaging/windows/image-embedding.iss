; Inno Setup 6: iscc /DEdition=full /DVersion=0.1.0 packaging\windows\image-embedding.iss
; Not tried yet: this was written without a Windows machine at hand.
#ifndef Edition
  #define Edition "full"
#endif
#ifndef Version
  #define Version "0.1.0"
#endif
#define Name "Image Embedding"
#define Program "image-embedding.exe"

[Setup]
AppId={{6E0C2C5E-5B4B-4B0E-9B0B-2C8A1D7B4F31}
AppName={#Name}
AppVersion={#Version}
AppPublisher=The authors of Image Embedding
DefaultDirName={autopf}\{#Name}
DefaultGroupName={#Name}
DisableProgramGroupPage=yes
; For one user, without an administrator, unless the user wants it otherwise.
PrivilegesRequired=lowest
PrivilegesRequiredOverridesAllowed=dialog
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
MinVersion=10.0.17763
OutputDir=..\..\dist\{#Edition}
OutputBaseFilename=image-embedding-{#Edition}-{#Version}-setup
SetupIconFile=..\..\build\app.ico
UninstallDisplayIcon={app}\{#Program}
LicenseFile=..\..\LICENSE
Compression=lzma2
SolidCompression=yes
LZMAUseSeparateProcess=yes
WizardStyle=modern
ChangesAssociations=yes

[Languages]
Name: "english"; MessagesFile: "compiler:Default.isl"

[Tasks]
Name: "desktopicon"; Description: "{cm:CreateDesktopIcon}"; GroupDescription: "{cm:AdditionalIcons}"; Flags: unchecked
Name: "folders"; Description: "Offer ""Open with {#Name}"" in the menu of every folder"

[InstallDelete]
; Files of a version before that this one does without.
Type: filesandordirs; Name: "{app}\_internal"

[Files]
Source: "..\..\dist\{#Edition}\image-embedding\*"; DestDir: "{app}"; Flags: ignoreversion recursesubdirs createallsubdirs

[Icons]
Name: "{autoprograms}\{#Name}"; Filename: "{app}\{#Program}"
Name: "{autodesktop}\{#Name}"; Filename: "{app}\{#Program}"; Tasks: desktopicon

[Registry]
; A workspace is a folder and has no type of its own: folders get an entry in their menu.
Root: HKA; Subkey: "Software\Classes\Directory\shell\ImageEmbedding"; ValueType: string; ValueData: "Open with {#Name}"; Flags: uninsdeletekey; Tasks: folders
Root: HKA; Subkey: "Software\Classes\Directory\shell\ImageEmbedding"; ValueType: string; ValueName: "Icon"; ValueData: "{app}\{#Program}"; Tasks: folders
Root: HKA; Subkey: "Software\Classes\Directory\shell\ImageEmbedding\command"; ValueType: string; ValueData: """{app}\{#Program}"" ""%1"""; Tasks: folders

[Run]
Filename: "{app}\{#Program}"; Description: "{cm:LaunchProgram,{#Name}}"; Flags: nowait postinstall skipifsilent
